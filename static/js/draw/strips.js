// @ts-check
// Density: how much happened on each lane where events cannot be told apart, by packet family.

import { gallop } from "../core/columns.js";
import { FAMILIES } from "../core/store.js";
import { familyHue } from "./arrows.js";
import { steady } from "./lanes.js";

/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {import("./segments.js").Stretch} Stretch */
/** @typedef {import("../core/store.js").Store} Store */

const BAR = 3; // pixels from one bar to the next
const PER_EVENT = 2.5; // pixels of height, for the root of their number
const FINE = 26; // pixels of a lane from which on bars show families one above the other

/**
 * Draws bars above each lane.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {Store} store
 * @param {Stretch} stretch
 */
export function drawStrip(ctx, frame, palette, store, stretch) {
  const { xs, seqs } = columnsOf(frame, stretch);
  const heights = new Float32Array(xs.length);
  for (const [id, y] of frame.lanes) {
    const counts = countLane(store, id, seqs);
    if (frame.step < FINE) mergeFamilies(counts);
    heights.fill(3);
    counts.forEach((count, family) => {
      if (!count) return;
      ctx.fillStyle = palette[familyHue[FAMILIES[family] ?? "plain"]];
      drawBars(ctx, { count, counts, xs, heights, y, most: frame.step * 0.8 });
    });
  }
}

/**
 * The pixels of bars, and the number of the first event at each.
 * @param {Frame} frame
 * @param {Stretch} stretch
 */
function columnsOf(frame, { x0, x1 }) {
  const first = steady(frame, Math.max(x0, frame.left - BAR), BAR);
  const xs = new Float32Array(Math.max(1, Math.ceil((Math.min(x1, frame.right) - first) / BAR)));
  const seqs = new Int32Array(xs.length + 1);
  for (let i = 0; i < seqs.length; i++) {
    if (i < xs.length) xs[i] = first + i * BAR;
    seqs[i] = frame.seqAt(first + i * BAR) + 1;
  }
  return { xs, seqs };
}

/**
 * @param {Store} store
 * @param {number} lane
 * @param {Int32Array} seqs
 * @returns {(Float32Array | undefined)[]} for each family how many there are in each column
 */
function countLane(store, lane, seqs) {
  const sorts = store.showHidden ? FAMILIES.length + 1 : FAMILIES.length;
  return Array.from({ length: sorts }, (_, sort) => {
    const list = store.tallies.list(lane, sort);
    if (!list) return undefined;
    const out = new Float32Array(seqs.length - 1);
    let at = gallop(list.data, list.length, seqs[0], 0);
    for (let i = 0; i < out.length; i++) {
      const next = gallop(list.data, list.length, seqs[i + 1], at);
      out[i] = next - at;
      at = next;
    }
    return out;
  });
}

/**
 * Leaves in each column only the family that has most, with the number of all.
 * @param {(Float32Array | undefined)[]} counts
 */
function mergeFamilies(counts) {
  const some = /** @type {Float32Array[]} */ (counts.filter(Boolean));
  for (let i = 0; i < (some[0]?.length ?? 0); i++) {
    let sum = 0;
    let most = some[0];
    for (const count of some) {
      sum += count[i];
      if (count[i] > most[i]) most = count;
    }
    for (const count of some) count[i] = count === most ? sum : 0;
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {{count: Float32Array, counts: (Float32Array | undefined)[], xs: Float32Array,
 *   heights: Float32Array, y: number, most: number}} bars
 */
function drawBars(ctx, { count, counts, xs, heights, y, most }) {
  ctx.beginPath();
  for (let i = 0; i < xs.length; i++) {
    if (count[i] === 0) continue;
    let sum = 0;
    for (const c of counts) sum += c ? c[i] : 0;
    const tall = (Math.min(most, PER_EVENT * Math.sqrt(sum)) * count[i]) / sum;
    ctx.rect(xs[i], y - heights[i] - tall, BAR - 1, tall);
    heights[i] += tall;
  }
  ctx.fill();
}
