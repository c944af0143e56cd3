// @ts-check
// Marks on the timeline: the axis, folded stretches, what was done to machines, the cursor.

import { duration, seconds } from "../core/axis.js";
import { KIND, NODE, TIME } from "../core/row.js";
import { DECISIONS } from "../core/vocabulary.js";
import { drawCross } from "./arrows.js";
import { line } from "./lanes.js";

/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {import("../core/store.js").Store} Store */

const TICK_EVERY = 110; // pixels

/**
 * Draws times along the bottom.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {number} now
 */
export function drawAxis(ctx, frame, palette, now) {
  ctx.strokeStyle = palette.edge;
  ctx.fillStyle = palette.faint;
  ctx.font = `12px ${palette.sans}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.lineWidth = 1;
  const end = Math.min(frame.right, frame.x(now));
  for (let x = frame.left + 30; x <= end; x += TICK_EVERY) {
    line(ctx, x, frame.bottom + 2, x, frame.bottom + 7);
    ctx.fillText(seconds(frame.time(x), 4), x, frame.bottom + 11);
  }
}

/**
 * Draws the stretches that are shorter than they were, with how long that was.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {Store} store
 */
export function drawFolds(ctx, frame, palette, store) {
  const [from, to] = frame.span;
  ctx.font = `12px ${palette.sans}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const fold of store.axis.folds(from, to, store.head.now)) {
    const x0 = Math.max(frame.left, frame.x(fold.from) + 4);
    const x1 = Math.min(frame.right, frame.x(fold.to) - 4);
    if (x1 - x0 < 6) continue;
    hatch(ctx, frame, palette, x0, x1);
    const word = duration(fold.to - fold.from);
    if (ctx.measureText(word).width > x1 - x0) continue;
    ctx.fillStyle = palette.second;
    ctx.fillText(word, (x0 + x1) / 2, frame.bottom - 10);
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {number} x0
 * @param {number} x1
 */
function hatch(ctx, frame, palette, x0, x1) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x0, frame.top + 24, x1 - x0, frame.bottom - frame.top - 24);
  ctx.clip();
  ctx.strokeStyle = palette.line;
  ctx.lineWidth = 1;
  const tall = frame.bottom - frame.top;
  for (let x = x0 - tall; x < x1; x += 12) line(ctx, x, frame.bottom, x + tall, frame.top);
  ctx.restore();
}

/** Marks by kind of event: the word beside them and how they are drawn. */
const faults = new Map([
  ["world.started", "start"], ["world.killed", "killed"], ["world.crashed", "crash"],
  ["world.stopped", "stopped"], ["world.exited", "exit"], ["world.paused", "frozen"],
  ["world.resumed", "thawed"], ["check.violated", "violated"],
]);

/**
 * Draws what happened to machines, and a dot for each decision.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {Store} store
 * @param {{from: number, to: number}} range numbers of the events in view
 */
export function drawEvents(ctx, frame, palette, store, range) {
  const { trace } = store;
  let lastX = -1;
  for (let seq = range.from; seq <= range.to; seq++) {
    if (trace.depth.data[seq - 1] > DECISIONS) continue;
    const row = trace.rows[seq - 1];
    const y = frame.y(row[NODE]);
    if (y === undefined) continue;
    const x = frame.x(row[TIME]);
    const word = faults.get(trace.vocabulary.kinds[row[KIND]].name);
    if (word) drawFault(ctx, palette, x, y, word);
    else if (x !== lastX) drawDot(ctx, palette, x, y);
    lastX = x;
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Palette} palette
 * @param {number} x
 * @param {number} y
 * @param {string} word
 */
function drawFault(ctx, palette, x, y, word) {
  const bad = word !== "start" && word !== "thawed";
  ctx.strokeStyle = ctx.fillStyle = palette[bad ? "fault" : "good"];
  if (bad) drawCross(ctx, x, y, 6);
  else disc(ctx, x, y, 5);
  ctx.fillStyle = palette[bad ? "fault" : "ink"];
  ctx.font = `600 12px ${palette.sans}`;
  ctx.textAlign = "center";
  ctx.textBaseline = bad ? "top" : "bottom";
  ctx.fillText(word, x, y + (bad ? 11 : -10));
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Palette} palette
 * @param {number} x
 * @param {number} y
 */
function drawDot(ctx, palette, x, y) {
  ctx.fillStyle = palette.ground;
  ctx.strokeStyle = palette.ink;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.arc(x, y, 3, 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} r
 */
export function disc(ctx, x, y, r) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 2 * Math.PI);
  ctx.fill();
}

/**
 * Draws the cursor with its handle.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {number} x
 */
export function drawCursor(ctx, frame, palette, x) {
  ctx.strokeStyle = ctx.fillStyle = palette.action;
  ctx.lineWidth = 2;
  line(ctx, x, 12, x, frame.bottom + 8);
  ctx.beginPath();
  ctx.moveTo(x - 6, 2);
  ctx.lineTo(x + 6, 2);
  ctx.lineTo(x + 6, 10);
  ctx.lineTo(x, 17);
  ctx.lineTo(x - 6, 10);
  ctx.closePath();
  ctx.fill();
}

/**
 * Draws a word on a plate, kept inside the frame.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {{x: number, y: number, word: string, hue: string}} plate centred there
 */
export function drawPlate(ctx, frame, palette, { x, y, word, hue }) {
  ctx.font = `600 12px ${palette.sans}`;
  const w = ctx.measureText(word).width + 16;
  const left = Math.max(frame.left, Math.min(frame.right - w, x - w / 2));
  ctx.fillStyle = palette.ground;
  ctx.strokeStyle = palette[hue];
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.roundRect(left, y - 11, w, 22, 4);
  ctx.fill();
  ctx.stroke();
  ctx.fillStyle = palette.ink;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillText(word, left + 8, y + 1);
}
