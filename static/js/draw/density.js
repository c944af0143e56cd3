// @ts-check
// The strip behind the scrubber: how much was decided when, event by event, and marks of what people did.

import { gallop, lowerBound } from "../core/columns.js";

/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {import("../core/store.js").Store} Store */

const BAR = 4; // pixels from one bar to the next, at least
const NEAR = 2; // pixels within which one mark stands for more of its sort

/** Colours of marks by sort (see core/marks.js). */
const hues = ["fault", "good", "fault", "electing", "ink"];

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
  const counts = countBars(store, bars, total);
  const here = (store.shownSoFar / total) * bars;
  drawBars(ctx, counts, palette.second, { from: 0, to: Math.ceil(here), step: width / bars, height });
  drawBars(ctx, counts, palette.edge, { from: Math.ceil(here), to: bars, step: width / bars, height });
  drawMarks(ctx, width, height, palette, store);
}

/**
 * How deep what happened in each bar is, from 0 to 1, decisions counting most.
 * @param {Store} store
 * @param {number} bars
 * @param {number} total
 */
function countBars(store, bars, total) {
  const { data, length } = store.axis.decisions;
  const counts = new Float32Array(bars);
  let at = 0;
  for (let i = 0; i < bars; i++) {
    const end = Math.ceil(((i + 1) / bars) * total);
    const next = lowerBound(data, length, end, at);
    counts[i] = 1 + (2 * (next - at)) / Math.max(1, total / bars);
    at = next;
  }
  const most = Math.max(...counts);
  return counts.map((c) => c / most);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Float32Array} counts
 * @param {string} colour
 * @param {{from: number, to: number, step: number, height: number}} bars
 */
function drawBars(ctx, counts, colour, { from, to, step, height }) {
  const base = height / 2 - 3;
  const wide = Math.max(1, Math.min(step - 2, 3));
  ctx.fillStyle = colour;
  ctx.beginPath();
  for (let i = from; i < to; i++) {
    const tall = 2 + counts[i] * (base - 4);
    ctx.rect(i * step, base - tall, wide, tall);
  }
  ctx.fill();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} width
 * @param {number} height
 * @param {Palette} palette
 * @param {Store} store
 */
function drawMarks(ctx, width, height, palette, store) {
  const { shown } = store.axis;
  store.marks.bySort.forEach(({ data, length }, sort) => {
    ctx.fillStyle = palette[hues[sort]];
    for (let i = 0; i < length;) {
      const x = (store.axis.rank(data[i]) / shown.length) * width;
      ctx.fillRect(x - 1, height - 9, 3, 8);
      const next = Math.ceil(((x + NEAR) / width) * shown.length);
      i = next < shown.length ? gallop(data, length, shown.data[next], i + 1) : length;
    }
  });
}
