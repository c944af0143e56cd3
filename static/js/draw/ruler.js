// @ts-check
// The scale of the timeline: times along its edge, quiet stretches, the cursor.

import { duration, seconds } from "../core/axis.js";
import { line, steady } from "./lanes.js";
import { setWords, widthOf } from "./words.js";

/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {import("./words.js").Taken} Taken */
/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/axis.js").Fold} Fold */
/** @typedef {CanvasRenderingContext2D} Context */

const EVERY = { across: 110, down: 60 }; // pixels between two times
const HATCH = 12; // pixels between two lines of a hatched strip
const MOST_DIGITS = 5; // behind the point of a time
const MOST = 200; // quiet stretches that are hatched; more could not be seen

/**
 * Draws times along the edge.
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {number} end pixel of the present
 */
export function drawTimes(ctx, frame, palette, end) {
  const every = frame.down ? EVERY.down : EVERY.across;
  const last = Math.min(frame.right, end);
  ctx.strokeStyle = palette.edge;
  ctx.fillStyle = palette.faint;
  ctx.font = `12px ${palette.sans}`;
  ctx.textAlign = frame.down ? "left" : "center";
  ctx.textBaseline = frame.down ? "middle" : "top";
  ctx.lineWidth = 1;
  /** @type {Map<number, number>} pixels by time; behind the last event no time passes */
  const ticks = new Map();
  for (let x = steady(frame, frame.left + (frame.down ? 0 : 26), every); x <= last; x += every) {
    if (!ticks.has(frame.timeAt(x))) ticks.set(frame.timeAt(x), x);
  }
  const words = distinct([...ticks.keys()]);
  [...ticks.values()].forEach((x, i) => {
    line(ctx, x, frame.bottom + 2, x, frame.bottom + 7);
    frame.write(ctx, words[i], x, frame.bottom + 11);
  });
}

/**
 * Writes times with as many digits as tell each from the next.
 * @param {number[]} times
 */
function distinct(times) {
  let digits = 1;
  let words = times.map((t) => seconds(t, digits));
  while (digits < MOST_DIGITS && words.some((w, i) => w === words[i + 1])) {
    digits++;
    words = times.map((t) => seconds(t, digits));
  }
  return words;
}

/**
 * The quiet stretches that are wide enough to be seen.
 * @param {Frame} frame
 * @param {Store} store
 * @returns {{fold: Fold, x0: number, x1: number}[]}
 */
export function foldsInView(frame, store) {
  const { axis } = store;
  const widest = frame.pixel(axis.foldWidth) - frame.pixel(0);
  if (widest < 6 || (frame.right - frame.left) / widest > MOST) return [];
  const folds = axis.folds(frame.seqAt(frame.left), frame.seqAt(frame.right), store.head.now);
  return folds.map((fold) => ({
    fold, x0: Math.max(frame.left, frame.pixel(fold.place) + 4),
    x1: Math.min(frame.right, frame.pixel(fold.end) - 4),
  })).filter(({ x0, x1 }) => x1 - x0 >= 6);
}

/**
 * Hatches quiet stretches, all in one path.
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {{x0: number, x1: number}[]} strips
 */
export function hatch(ctx, frame, palette, strips) {
  if (strips.length === 0) return;
  const [top, bottom] = [frame.top + 22, frame.bottom];
  ctx.save();
  ctx.beginPath();
  for (const { x0, x1 } of strips) ctx.rect(x0, top, x1 - x0, bottom - top);
  ctx.clip();
  ctx.strokeStyle = palette.line;
  ctx.lineWidth = 1;
  ctx.beginPath();
  const tall = bottom - top;
  for (const { x0, x1 } of strips) {
    for (let x = steady(frame, x0 - tall, HATCH); x < x1; x += HATCH) {
      ctx.moveTo(x, bottom);
      ctx.lineTo(x + tall, top);
    }
  }
  ctx.stroke();
  ctx.restore();
}

/**
 * Says how long quiet stretches took.
 * @param {Context} ctx
 * @param {Palette} palette
 * @param {{fold: Fold, x0: number, x1: number}[]} strips
 * @param {Taken} taken
 */
export function drawFoldWords(ctx, palette, strips, taken) {
  const { frame } = taken;
  setWords(ctx, palette, { hue: "second" });
  for (const { fold, x0, x1 } of strips) {
    const long = duration(fold.to - fold.from);
    const words = fold.pings > 0 ? [`${long}, ${fold.pings} pings`, long] : [long];
    const room = frame.down ? Infinity : x1 - x0;
    const word = words.find((w) => widthOf(ctx, w) <= room);
    const ys = [frame.bottom - (frame.down ? 44 : 10), frame.top + 12, ...between(frame)];
    ys.some((y) => word && taken.write(ctx, word, (x0 + x1) / 2, y));
  }
}

/**
 * The middles between lanes.
 * @param {Frame} frame
 */
function between(frame) {
  return [...frame.lanes.values()].map((y) => y + frame.step / 2);
}

/**
 * Draws the cursor with its handle.
 * @param {Context} ctx
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
