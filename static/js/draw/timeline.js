// @ts-check
// The timeline as a picture: what has passed solid, what lies behind the cursor faint.

import { lowerBound, upperBound } from "../core/columns.js";
import { plateOf, styles } from "../core/family.js";
import { NODE, TIME } from "../core/row.js";
import { drawArrow, familyHue, segmentOf, segments } from "./arrows.js";
import { drawBands, drawLane, line } from "./lanes.js";
import { drawAxis, drawCursor, drawEvents, drawFolds, drawPlate } from "./marks.js";

/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {CanvasRenderingContext2D} Context */

const FUTURE = 0.35; // how much of what lies behind the cursor shows
const PATH = 64; // causes that are lit up, at most

/**
 * Draws the whole timeline.
 * @param {Context} ctx scaled to CSS pixels
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {Store} store
 */
export function drawTimeline(ctx, frame, palette, store) {
  ctx.clearRect(0, 0, frame.width, frame.height);
  const cut = clamp(frame.x(store.now), frame.left, frame.right);
  clipped(ctx, frame, frame.left, frame.right, 1, () => {
    drawBands(ctx, frame, palette, store.lanes.epochs, store.head.now);
    drawFolds(ctx, frame, palette, store);
  });
  const scene = () => drawScene(ctx, frame, palette, store);
  clipped(ctx, frame, frame.left - 8, cut, 1, scene);
  if (cut < frame.right) clipped(ctx, frame, cut, frame.right, FUTURE, scene);
  drawLabels(ctx, frame, palette, store);
  drawAxis(ctx, frame, palette, store.head.now);
  clipped(ctx, frame, 0, frame.width, 1, () => drawSelection(ctx, frame, palette, store));
}

/**
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {number} x0
 * @param {number} x1
 * @param {number} alpha
 * @param {() => void} draw
 */
function clipped(ctx, frame, x0, x1, alpha, draw) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x0, 0, x1 - x0, frame.height);
  ctx.clip();
  ctx.globalAlpha = alpha;
  draw();
  ctx.restore();
}

/**
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {Store} store
 */
function drawScene(ctx, frame, palette, store) {
  for (const [id, y] of frame.lanes) {
    drawLane(ctx, frame, palette, store.lanes.lane(id), y, store.head.now);
  }
  const all = segments(store, frame);
  if (all.length === 0) drawDensity(ctx, frame, palette, store);
  for (const segment of all) drawArrow(ctx, store, palette, segment, false);
  drawEvents(ctx, frame, palette, store, eventsInView(store, frame));
}

/**
 * @param {Store} store
 * @param {Frame} frame
 * @returns {{from: number, to: number}} numbers of events, both included
 */
export function eventsInView(store, frame) {
  const [from, to] = frame.span;
  const { data, length } = store.trace.time;
  return { from: lowerBound(data, length, from) + 1, to: upperBound(data, length, to) };
}

/**
 * Draws how many messages there were where they cannot be told apart.
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {Store} store
 */
function drawDensity(ctx, frame, palette, store) {
  const { sent, length } = store.arrows;
  const most = (frame.bottom - frame.top) / 2;
  ctx.strokeStyle = palette.second;
  ctx.lineWidth = 2;
  for (let x = frame.left; x < frame.right; x += 3) {
    const first = lowerBound(sent.data, length, frame.time(x));
    const last = lowerBound(sent.data, length, frame.time(x + 3));
    const tall = Math.min(most, (last - first) * 2);
    if (tall > 0) line(ctx, x, frame.bottom - 2, x, frame.bottom - 2 - tall);
  }
}

/**
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {Store} store
 */
function drawLabels(ctx, frame, palette, store) {
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const [id, y] of frame.lanes) {
    ctx.fillStyle = palette[id === store.server ? "action" : "ink"];
    ctx.font = `700 17px ${palette.sans}`;
    ctx.fillText(labelOf(id), frame.left / 2 - 2, y + 1);
  }
}

/**
 * The short name of a machine on its lane.
 * @param {number} id
 */
export function labelOf(id) {
  return id > 1000 ? `c${id - 1000}` : String(id);
}

/**
 * Draws the causes of the event looked at, its message and the cursor.
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {Store} store
 */
function drawSelection(ctx, frame, palette, store) {
  const x = frame.x(store.now);
  if (x >= frame.left - 1 && x <= frame.right + 1) drawCursor(ctx, frame, palette, x);
  if (store.following || !store.event) return;
  for (const seq of store.trace.causes(store.cursor, PATH)) ring(ctx, frame, palette, store, seq);
  const index = store.arrows.of(store.cursor);
  const segment = index < 0 ? undefined : segmentOf(store, frame, index);
  if (segment) {
    drawArrow(ctx, store, palette, segment, true);
    const row = store.trace.rows[store.arrows.send.data[index] - 1];
    drawPlate(ctx, frame, palette, {
      x: (segment.x0 + segment.x1) / 2, y: (segment.y0 + segment.y1) / 2,
      word: plateOf(store.trace.vocabulary, row),
      hue: familyHue[styles[store.arrows.style.data[index]].family],
    });
  }
  ring(ctx, frame, palette, store, store.cursor);
}

/**
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {Store} store
 * @param {number} seq
 */
function ring(ctx, frame, palette, store, seq) {
  const row = store.trace.rows[seq - 1];
  const y = frame.y(row[NODE]);
  const x = frame.x(row[TIME]);
  if (y === undefined || x < frame.left || x > frame.right) return;
  ctx.strokeStyle = palette.action;
  ctx.lineWidth = seq === store.cursor ? 2.5 : 1.5;
  ctx.beginPath();
  ctx.arc(x, y, seq === store.cursor ? 8 : 5, 0, 2 * Math.PI);
  ctx.stroke();
}

/**
 * @param {number} x
 * @param {number} low
 * @param {number} high
 */
function clamp(x, low, high) {
  return Math.max(low, Math.min(high, x));
}
