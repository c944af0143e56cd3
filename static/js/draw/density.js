// @ts-check
// The strip behind the scrubber: how much happened when, event by event, and marks of what people did.

import { KIND } from "../core/row.js";
import { DECISIONS } from "../core/vocabulary.js";

/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {import("../core/store.js").Store} Store */

const BAR = 4; // pixels from one bar to the next, at least

/** Marks under the strip, by kind of event: the name of a colour. @type {Object<string, string>} */
const marks = {
  "world.killed": "fault", "world.crashed": "fault", "world.exited": "fault", "check.violated": "fault",
  "fle.elected": "electing", "world.started": "good", "client.called": "ink",
};

/**
 * Draws the strip over the whole canvas.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} width
 * @param {number} height
 * @param {Palette} palette
 * @param {Store} store
 */
export function drawDensity(ctx, width, height, palette, store) {
  ctx.clearRect(0, 0, width, height);
  const total = store.shown.length;
  if (total === 0) return;
  const bars = Math.max(1, Math.min(Math.floor(width / BAR), Math.ceil(total / 2)));
  const step = width / bars;
  const counts = countBars(store, bars, total);
  const most = Math.max(...counts, 1);
  const base = height / 2 - 3;
  const here = (store.shownSoFar / total) * bars;
  counts.forEach((count, i) => {
    ctx.fillStyle = palette[i < here ? "second" : "edge"];
    const tall = count === 0 ? 1 : 2 + (count / most) * (base - 4);
    ctx.fillRect(i * step, base - tall, Math.max(1, Math.min(step - 2, 3)), tall);
  });
  drawMarks(ctx, width, height, palette, store);
}

/**
 * How deep what happened in each bar is, decisions counting most.
 * @param {Store} store
 * @param {number} bars
 * @param {number} total
 */
function countBars(store, bars, total) {
  const counts = new Array(bars).fill(0);
  const depth = store.trace.depth.data;
  const shown = store.shown.data;
  for (let i = 0; i < total; i++) {
    counts[Math.min(bars - 1, Math.floor((i / total) * bars))] += depth[shown[i] - 1] === DECISIONS ? 3 : 1;
  }
  const perBar = Math.max(1, total / bars);
  return counts.map((c) => c / perBar);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} width
 * @param {number} height
 * @param {Palette} palette
 * @param {Store} store
 */
function drawMarks(ctx, width, height, palette, store) {
  const { rows, vocabulary, depth } = store.trace;
  const { data, length } = store.shown;
  for (let i = 0; i < length; i++) {
    if (depth.data[data[i] - 1] > DECISIONS) continue;
    const hue = marks[vocabulary.kinds[rows[data[i] - 1][KIND]].name];
    if (!hue) continue;
    ctx.fillStyle = palette[hue];
    ctx.fillRect((i / length) * width - 1, height - 9, 3, 8);
  }
}
