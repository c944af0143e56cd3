// @ts-check
// Messages on the timeline: an arrow from sending to arrival, a cross where one was lost.

import { styles } from "../core/family.js";
import { line } from "./lanes.js";

/** @typedef {import("./segments.js").Segments} Segments */
/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/family.js").Style} Style */
/** @typedef {CanvasRenderingContext2D} Context */

const APART = 18; // pixels between two gaps of a lane, or too little of it would be left
const MANY = 500; // arrows in view from which on lanes have no gaps: nobody could follow one

/** Names of colours by packet family. @type {Object<string, string>} */
export const familyHue = {
  local: "second", vote: "electing", sync: "syncing", broadcast: "following", client: "ink", plain: "faint",
};

/** @type {Object<string, number[]>} */
const dashes = { solid: [], dotted: [2, 3], dashed: [5, 3] };

/**
 * Makes a gap in each lane that an arrow passes.
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {Segments} segments
 */
export function cutCrossings(ctx, frame, segments) {
  if (segments.count > MANY) return;
  const lanes = [...frame.lanes.values()].map((y) => ({ y, last: -APART }));
  const tall = Math.min(9, frame.step * 0.7);
  for (let i = 0; i < segments.count; i++) {
    const { x0, y0, x1, y1 } = segments;
    const low = Math.min(y0[i], y1[i]) + 1;
    const high = Math.max(y0[i], y1[i]) - 1;
    for (const lane of lanes) {
      const { y } = lane;
      if (y <= low || y >= high) continue;
      const x = x0[i] + ((y - y0[i]) / (y1[i] - y0[i])) * (x1[i] - x0[i]);
      if (Math.abs(x - lane.last) < APART) continue;
      lane.last = x;
      ctx.clearRect(x - 4, y - tall / 2, 8, tall);
    }
  }
}

/**
 * Draws all arrows, those of one style together.
 * @param {Context} ctx
 * @param {Store} store
 * @param {Palette} palette
 * @param {Segments} segments
 */
export function drawArrows(ctx, store, palette, segments) {
  /** @type {number[][]} */
  const byStyle = styles.map(() => []);
  for (let i = 0; i < segments.count; i++) byStyle[store.arrows.style.data[segments.index[i]]].push(i);
  byStyle.forEach((some, style) => {
    if (some.length > 0) drawSome(ctx, store, palette, segments, { style: styles[style], some, bold: 1 });
  });
}

/**
 * Draws one arrow so that it stands out.
 * @param {Context} ctx
 * @param {Store} store
 * @param {Palette} palette
 * @param {Segments} segments
 * @param {{i: number, bold: number}} which bold is how much thicker
 */
export function drawBold(ctx, store, palette, segments, { i, bold }) {
  const style = styles[store.arrows.style.data[segments.index[i]]];
  drawSome(ctx, store, palette, segments, { style, some: [i], bold });
}

/**
 * @param {Context} ctx
 * @param {Store} store
 * @param {Palette} palette
 * @param {Segments} segments
 * @param {{style: Style, some: number[], bold: number}} what
 */
function drawSome(ctx, store, palette, segments, { style, some, bold }) {
  const { arrows } = store;
  const { x0, y0, x1, y1, index } = segments;
  ctx.strokeStyle = ctx.fillStyle = palette[familyHue[style.family]];
  ctx.lineWidth = style.width * bold;
  ctx.setLineDash(dashes[style.dash]);
  ctx.beginPath();
  for (const i of some) {
    ctx.moveTo(x0[i], y0[i]);
    ctx.lineTo(x1[i], y1[i]);
  }
  ctx.stroke();
  ctx.setLineDash([]);
  const ended = some.filter((i) => arrows.end.data[index[i]] > 0);
  drawHeads(ctx, segments, ended.filter((i) => !arrows.lost.data[index[i]]), style, bold > 1 ? 1.4 : 1);
  ctx.strokeStyle = palette.fault;
  for (const i of ended) {
    if (arrows.lost.data[index[i]]) drawCross(ctx, x1[i], y1[i], 4);
  }
}

/**
 * Keeps words off the crosses of lost messages.
 * @param {Store} store
 * @param {Segments} segments
 * @param {import("./words.js").Taken} taken
 */
export function takeCrosses({ arrows }, { count, index, x1, y1 }, taken) {
  for (let i = 0; i < count; i++) {
    if (arrows.end.data[index[i]] > 0 && arrows.lost.data[index[i]]) taken.take(taken.box(x1[i], y1[i], 6));
  }
}

/**
 * @param {Context} ctx
 * @param {Segments} segments
 * @param {number[]} some
 * @param {Style} style
 * @param {number} size
 */
function drawHeads(ctx, segments, some, style, size) {
  const { x0, y0, x1, y1 } = segments;
  const { shapes, open } = heads[style.head];
  ctx.beginPath();
  for (const i of some) {
    const far = Math.hypot(x1[i] - x0[i], y1[i] - y0[i]) || 1;
    const cos = (size * (x1[i] - x0[i])) / far;
    const sin = (size * (y1[i] - y0[i])) / far;
    for (const shape of shapes) polygon(ctx, shape, { x: x1[i], y: y1[i], cos, sin });
  }
  ctx.lineWidth = 1.2;
  if (open) ctx.stroke();
  else ctx.fill();
}

/**
 * Heads point to the right and end at the origin: x and y of their corners by turns.
 * @type {Object<string, {shapes: number[][], open: boolean}>}
 */
const heads = {
  diamond: { shapes: [[0, 0, -4, 3, -8, 0, -4, -3]], open: true },
  bar: { shapes: [[0, 0, -8, 3, -8, -3], [-9, -3.5, -10.5, -3.5, -10.5, 3.5, -9, 3.5]], open: false },
  filled: { shapes: [[0, 0, -8, 3.5, -8, -3.5]], open: false },
  double: { shapes: [[0, 0, -7, 3.5, -7, -3.5], [-6, 0, -13, 3.5, -13, -3.5]], open: false },
  open: { shapes: [[0, 0, -8, 3.5, -8, -3.5]], open: true },
  dot: { shapes: [[-0.5, 0, -1.2, 1.7, -3, 2.5, -4.8, 1.7, -5.5, 0, -4.8, -1.7, -3, -2.5, -1.2, -1.7]], open: false },
};

/**
 * @param {Context} ctx
 * @param {number[]} shape
 * @param {{x: number, y: number, cos: number, sin: number}} at
 */
function polygon(ctx, shape, { x, y, cos, sin }) {
  for (let p = 0; p < shape.length; p += 2) {
    const px = x + shape[p] * cos - shape[p + 1] * sin;
    const py = y + shape[p] * sin + shape[p + 1] * cos;
    if (p === 0) ctx.moveTo(px, py);
    else ctx.lineTo(px, py);
  }
  ctx.closePath();
}

/**
 * @param {Context} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} r
 */
export function drawCross(ctx, x, y, r) {
  ctx.lineWidth = 2.5;
  line(ctx, x - r, y - r, x + r, y + r);
  line(ctx, x - r, y + r, x + r, y - r);
}
