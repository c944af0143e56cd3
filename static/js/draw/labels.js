// @ts-check
// Names of packets beside their arrows, where there is room: moved along the arrow, or hidden behind a
// count.

import { plateOf, styles } from "../core/family.js";
import { setWords, widthOf } from "./words.js";

/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {import("./segments.js").Segments} Segments */
/** @typedef {import("./words.js").Taken} Taken */
/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {CanvasRenderingContext2D} Context */

const MANY = 90; // arrows in view beyond which none has its name
const PLACES = [0.5, 0.34, 0.66, 0.2, 0.8]; // along the arrow, the best first
const BESIDE = 5; // pixels between the arrow and its name
const ASIDE = [0, 18, -18, 36, -36, 54, -54]; // pixels by which a count may be moved
const BIN = 96; // pixels of a stretch whose hidden names are counted together
const FIRST = ["sync", "broadcast", "vote", "client", "plain"]; // families, the most telling first

/**
 * Names arrows.
 * @param {Context} ctx
 * @param {Store} store
 * @param {Palette} palette
 * @param {Segments} segments
 * @param {Taken} taken
 */
export function drawLabels(ctx, store, palette, segments, taken) {
  if (segments.count > MANY || segments.count === 0) return;
  setWords(ctx, palette, { hue: "second" });
  /** @type {Map<number, {n: number, x: number, y: number}>} */
  const hidden = new Map();
  for (const i of inOrder(store, segments)) {
    if (Math.abs(segments.y1[i] - segments.y0[i]) < 24) continue;
    if (!label(ctx, segments, taken, i, nameOf(store, segments.index[i]))) hide(hidden, taken.frame, segments, i);
  }
  for (const { n, x, y } of hidden.values()) count(ctx, segments, taken, { word: `+${n}`, x, y });
}

/**
 * Writes how many names are hidden: where no arrow runs, if there is such a place.
 * @param {Context} ctx
 * @param {Segments} segments
 * @param {Taken} taken
 * @param {{word: string, x: number, y: number}} what
 */
function count(ctx, segments, taken, { word, x, y }) {
  const wide = widthOf(ctx, word);
  const free = ASIDE.map((dx) => x + dx).filter((at) => taken.isFree(taken.box(at, y, wide)));
  const best = free.find((at) => !isCrossed(segments, taken.frame, taken.box(at, y, wide), -1));
  taken.write(ctx, word, best ?? free[0] ?? x, y);
}

/**
 * The segments, those whose name is wanted most first.
 * @param {Store} store
 * @param {Segments} segments
 */
function inOrder(store, segments) {
  const rank = (/** @type {number} */ i) => FIRST.indexOf(styles[store.arrows.style.data[segments.index[i]]].family);
  return Array.from({ length: segments.count }, (_, i) => i).sort((a, b) => rank(a) - rank(b) || a - b);
}

/** @type {WeakMap<Store, Map<number, string>>} names of packets, by message */
const names = new WeakMap();

/**
 * The name of a packet.
 * @param {Store} store
 * @param {number} index
 */
export function nameOf(store, index) {
  let known = names.get(store);
  if (!known || known.size > 1000) names.set(store, (known = new Map()));
  let name = known.get(index);
  if (name === undefined) {
    const row = store.trace.at(store.arrows.send.data[index]);
    name = row ? plateOf(store.trace.vocabulary, row) : "";
    known.set(index, name);
  }
  return name;
}

/**
 * @param {Context} ctx
 * @param {Segments} segments
 * @param {Taken} taken
 * @param {number} i
 * @param {string} name
 * @returns {boolean} whether there was room
 */
function label(ctx, segments, taken, i, name) {
  const wide = widthOf(ctx, name);
  for (const share of PLACES) {
    const at = beside(segments, taken.frame, i, share, wide);
    const box = taken.box(at.x, at.y, wide);
    if (!taken.isFree(box) || isCrossed(segments, taken.frame, box, i)) continue;
    taken.take(box);
    taken.put(ctx, name, at.x, at.y);
    return true;
  }
  return false;
}

/**
 * The middle of a word beside an arrow.
 * @param {Segments} segments
 * @param {Frame} frame
 * @param {number} i
 * @param {number} share
 * @param {number} wide
 */
function beside({ x0, y0, x1, y1 }, frame, i, share, wide) {
  const x = x0[i] + (x1[i] - x0[i]) * share;
  const y = y0[i] + (y1[i] - y0[i]) * share;
  if (frame.down) return { x: x - 10, y };
  const lean = (8 * Math.abs(x1[i] - x0[i])) / Math.max(1, Math.abs(y1[i] - y0[i]));
  return { x: x + wide / 2 + BESIDE + Math.min(20, lean), y };
}

/**
 * Whether another arrow runs through a box.
 * @param {Segments} segments
 * @param {Frame} frame
 * @param {import("./words.js").Box} box
 * @param {number} own
 */
function isCrossed(segments, frame, box, own) {
  const [left, top] = frame.point(box.left, box.top);
  const [right, bottom] = frame.point(box.right, box.bottom);
  for (let i = 0; i < segments.count; i++) {
    if (i !== own && crosses(segments, i, { left, top, right, bottom })) return true;
  }
  return false;
}

/**
 * @param {Segments} segments
 * @param {number} i
 * @param {import("./words.js").Box} box along and across time
 */
function crosses({ x0, y0, x1, y1 }, i, box) {
  if (x0[i] > box.right || x1[i] < box.left) return false;
  const down = y1[i] - y0[i] || 1;
  const from = (Math.max(box.top, Math.min(y0[i], y1[i])) - y0[i]) / down;
  const to = (Math.min(box.bottom, Math.max(y0[i], y1[i])) - y0[i]) / down;
  if (Math.max(box.top, Math.min(y0[i], y1[i])) > Math.min(box.bottom, Math.max(y0[i], y1[i]))) return false;
  const xa = x0[i] + from * (x1[i] - x0[i]);
  const xb = x0[i] + to * (x1[i] - x0[i]);
  return Math.max(xa, xb) >= box.left && Math.min(xa, xb) <= box.right;
}

/**
 * Counts a name that found no room.
 * @param {Map<number, {n: number, x: number, y: number}>} hidden
 * @param {Frame} frame
 * @param {Segments} segments
 * @param {number} i
 */
function hide(hidden, frame, { x0, y0, x1, y1 }, i) {
  const bin = Math.floor((x0[i] - frame.pixel(0)) / BIN);
  const there = hidden.get(bin);
  if (there) there.n++;
  else hidden.set(bin, { n: 1, x: (x0[i] + x1[i]) / 2 + 12, y: (y0[i] + y1[i]) / 2 });
}
