// @ts-check
// The timeline as a picture: what has passed solid, what lies behind the cursor faint.

import { styles } from "../core/family.js";
import { ARGS, text } from "../core/row.js";
import { shortName } from "../core/vocabulary.js";
import { cutCrossings, drawArrows, drawBold, familyHue, takeCrosses } from "./arrows.js";
import { drawDots } from "./dots.js";
import { drawLabels, nameOf } from "./labels.js";
import { drawBands, drawBandWords, drawLane, line } from "./lanes.js";
import { drawMarks } from "./marks.js";
import { drawCursor, drawFoldWords, drawTimes, foldsInView, hatch } from "./ruler.js";
import { drawStrip } from "./strips.js";
import { drawPlate, Taken } from "./words.js";

/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {import("./segments.js").Segments} Segments */
/** @typedef {import("../core/lit.js").Lit} Lit */
/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {CanvasRenderingContext2D} Context */
/**
 * All that a picture needs. hover is the number of the event under the pointer, 0 for none.
 * @typedef {{frame: Frame, palette: Palette, store: Store, segments: Segments, lit: Lit,
 *   hover: number}} Scene
 */

const FUTURE = 0.35; // how much of what lies behind the cursor shows
const LEAST = 24; // pixels from lane to lane below which a word would cover one
const OTHERS = 0.6; // how much of what is not lit shows, while something is

/**
 * Draws the whole timeline.
 * @param {Context} ctx scaled to CSS pixels
 * @param {Scene} scene
 */
export function drawTimeline(ctx, scene) {
  const { frame, palette, store, segments } = scene;
  ctx.clearRect(0, 0, ...frame.point(frame.along, frame.across));
  ctx.save();
  frame.turn(ctx);
  const now = frame.xAt(store.head.now);
  const end = Math.max(now, frame.x(store.trace.length));
  const strips = foldsInView(frame, store);
  segments.gather(store, frame);
  clipped(ctx, frame, () => {
    const taken = new Taken(frame);
    taken.takeLanes();
    takeCrosses(store, segments, taken);
    taken.takeAcross(cursorX(frame, store));
    drawScene(ctx, scene, end);
    drawLit(ctx, scene);
    drawMarks(ctx, frame, palette, store, taken);
    if (frame.step < LEAST) taken.takeAllLanes();
    fade(ctx, frame, cursorX(frame, store));
    drawBandWords(ctx, taken, palette, store.lanes.epochs, end);
    drawLabels(ctx, store, palette, segments, taken);
    drawFoldWords(ctx, palette, strips, taken);
    ctx.globalCompositeOperation = "destination-over";
    hatch(ctx, frame, palette, strips);
    drawBands(ctx, frame, palette, store.lanes.epochs, end);
  });
  drawIds(ctx, frame, palette, store);
  drawTimes(ctx, frame, palette, end);
  drawSelection(ctx, scene);
  ctx.restore();
}

/**
 * Where the cursor stands.
 * @param {Frame} frame
 * @param {Store} store
 */
export function cursorX(frame, store) {
  return store.following ? frame.xAt(store.now) : frame.x(store.cursor);
}

/**
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {() => void} draw
 */
function clipped(ctx, frame, draw) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(frame.left - 8, 0, frame.right - frame.left + 8, frame.across);
  ctx.clip();
  draw();
  ctx.restore();
}

/**
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {number} end
 */
function drawScene(ctx, { frame, palette, store, segments, lit }, end) {
  for (const [id, y] of frame.lanes) drawLane(ctx, frame, palette, store.lanes.lane(id), { y, end });
  cutCrossings(ctx, frame, segments);
  ctx.globalAlpha = lit.seq > 0 ? OTHERS : 1;
  for (const stretch of segments.dense) drawStrip(ctx, frame, palette, store, stretch);
  drawArrows(ctx, store, palette, segments);
  drawDots(ctx, frame, palette, store, segments);
  ctx.globalAlpha = 1;
}

/**
 * Makes faint what is there from a pixel on.
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {number} x
 */
function fade(ctx, frame, x) {
  const from = Math.max(frame.left - 8, x + 1);
  if (from >= frame.right) return;
  ctx.globalCompositeOperation = "destination-out";
  ctx.globalAlpha = 1 - FUTURE;
  ctx.fillRect(from, 0, frame.right - from, frame.across);
  ctx.globalCompositeOperation = "source-over";
  ctx.globalAlpha = 1;
}

/**
 * Lights up the causal past and future of the event looked at; all else steps back.
 * @param {Context} ctx
 * @param {Scene} scene
 */
function drawLit(ctx, { frame, palette, store, segments, lit }) {
  if (lit.seq === 0) return;
  drawLitLanes(ctx, frame, palette, store, lit);
  const { send, end } = store.arrows;
  for (let i = 0; i < segments.count; i++) {
    const message = segments.index[i];
    if (!lit.has(send.data[message])) continue;
    if (end.data[message] === 0 || lit.has(end.data[message])) drawBold(ctx, store, palette, segments, { i, bold: 1.8 });
  }
}

/**
 * Marks the way along lanes from lit events to their lit effects.
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {Store} store
 * @param {Lit} lit
 */
function drawLitLanes(ctx, frame, palette, store, lit) {
  const [first, end] = frame.ranks;
  const { cause, node } = store.trace;
  if (end - first > 3000) return;
  ctx.strokeStyle = palette.action;
  ctx.lineWidth = 2;
  for (let rank = first; rank < end; rank++) {
    const seq = store.axis.shown.data[rank];
    const from = cause.data[seq - 1];
    if (from === 0 || !lit.has(seq) || node.data[from - 1] !== node.data[seq - 1]) continue;
    const y = frame.y(node.data[seq - 1]);
    if (y !== undefined) line(ctx, frame.x(from), y, frame.x(seq), y);
  }
}

/**
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {Store} store
 */
function drawIds(ctx, frame, palette, store) {
  const size = Math.max(12, Math.min(17, frame.step));
  const every = Math.max(1, Math.ceil(14 / frame.step)); // ids that would touch are left out
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.font = `700 ${size}px ${palette.sans}`;
  [...frame.lanes].forEach(([id, y], i) => {
    if (i % every > 0 && id !== store.server) return;
    ctx.fillStyle = palette[id === store.server ? "action" : "ink"];
    frame.write(ctx, shortName(id), frame.left / 2 - 2, y + (frame.down ? 0 : 1));
  });
}

/**
 * Draws the cursor, the event looked at and the one under the pointer.
 * @param {Context} ctx
 * @param {Scene} scene
 */
function drawSelection(ctx, scene) {
  const { frame, palette, store, hover } = scene;
  const x = cursorX(frame, store);
  if (x >= frame.left - 1 && x <= frame.right + 1) drawCursor(ctx, frame, palette, x);
  if (!store.following) drawChosen(ctx, scene, store.cursor, true);
  if (hover > 0 && (store.following || hover !== store.cursor)) drawChosen(ctx, scene, hover, false);
}

/**
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {number} seq
 * @param {boolean} selected whether it is selected; else it lies under the pointer
 */
function drawChosen(ctx, scene, seq, selected) {
  const { frame, palette, store, segments } = scene;
  const index = store.arrows.of(seq);
  const i = index < 0 ? -1 : segments.find(index);
  if (i >= 0) drawBold(ctx, store, palette, segments, { i, bold: 2.2 });
  const y = frame.y(store.trace.node.data[seq - 1]);
  const x = frame.x(seq);
  if (y !== undefined && x >= frame.left && x <= frame.right) {
    ctx.strokeStyle = palette.action;
    ctx.lineWidth = selected ? 2.5 : 1.5;
    ctx.beginPath();
    ctx.arc(x, y, selected ? 8 : 6, 0, 2 * Math.PI);
    ctx.stroke();
  }
  if (i >= 0) drawPlate(ctx, frame, palette, plateOn(scene, i));
  else if (!selected && y !== undefined) drawPlate(ctx, frame, palette, { x, y: y - 22, word: localName(store, seq), hue: "edge" });
}

/**
 * @param {Scene} scene
 * @param {number} i place among the segments
 */
function plateOn({ store, segments }, i) {
  const index = segments.index[i];
  const zxid = store.trace.at(store.arrows.send.data[index])?.[ARGS][1];
  const known = Array.isArray(zxid) && text(zxid) !== "none" && text(zxid) !== "0:0";
  return {
    x: (segments.x0[i] + segments.x1[i]) / 2, y: (segments.y0[i] + segments.y1[i]) / 2,
    word: nameOf(store, index) + (known ? ` ${text(zxid)}` : ""),
    hue: familyHue[styles[store.arrows.style.data[index]].family],
  };
}

/**
 * The name of an event that is no message.
 * @param {Store} store
 * @param {number} seq
 */
function localName(store, seq) {
  return store.trace.vocabulary.kinds[store.trace.kind.data[seq - 1]].name;
}
