// @ts-check
// Messages on the timeline: an arrow from sending to arrival, a cross where one was lost.

import { styles } from "../core/family.js";
import { line } from "./lanes.js";

/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/family.js").Style} Style */
/** @typedef {{index: number, x0: number, y0: number, x1: number, y1: number}} Segment */

const CROWDED = 3000; // arrows in view beyond which they can no longer be told apart

/** Names of colours by packet family. @type {Object<string, string>} */
export const familyHue = {
  vote: "electing", sync: "syncing", broadcast: "following", client: "ink", plain: "faint",
};

/** @type {Object<string, number[]>} */
const dashes = { solid: [], dotted: [2, 3], dashed: [5, 3] };

/**
 * The messages in view, as lines. One under way reaches as far as it has come.
 * @param {Store} store
 * @param {Frame} frame
 * @returns {Segment[]} empty when there are too many to tell apart
 */
export function segments(store, frame) {
  const { arrows } = store;
  const [from, to] = frame.span;
  /** @type {Segment[]} */
  const out = [];
  for (let i = arrows.firstAround(from); i < arrows.length && arrows.sent.data[i] <= to; i++) {
    if (arrows.ended.data[i] < from || !store.isShown(arrows.send.data[i])) continue;
    const segment = segmentOf(store, frame, i);
    if (segment) out.push(segment);
    if (out.length > CROWDED) return [];
  }
  return out;
}

/**
 * @param {Store} store
 * @param {Frame} frame
 * @param {number} index
 * @returns {Segment | undefined}
 */
export function segmentOf(store, frame, index) {
  const { arrows } = store;
  const y0 = frame.y(arrows.from.data[index]);
  const y1 = frame.y(arrows.to.data[index]);
  if (y0 === undefined || y1 === undefined) return undefined;
  const x0 = frame.x(arrows.sent.data[index]);
  const ended = arrows.ended.data[index];
  if (ended !== Infinity) return { index, x0, y0, x1: frame.x(ended), y1 };
  const progress = arrows.progress(index, store.head.now);
  const goal = Math.max(frame.x(store.head.now), x0 + 12);
  return { index, x0, y0, x1: goal, y1: y0 + (y1 - y0) * progress };
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Store} store
 * @param {Palette} palette
 * @param {Segment} segment
 * @param {boolean} bold
 */
export function drawArrow(ctx, store, palette, segment, bold) {
  const { arrows } = store;
  const style = styles[arrows.style.data[segment.index]];
  ctx.strokeStyle = ctx.fillStyle = palette[familyHue[style.family]];
  ctx.lineWidth = style.width * (bold ? 2 : 1);
  ctx.setLineDash(dashes[style.dash]);
  line(ctx, segment.x0, segment.y0, segment.x1, segment.y1);
  ctx.setLineDash([]);
  if (arrows.lost.data[segment.index]) {
    ctx.strokeStyle = palette.fault;
    drawCross(ctx, segment.x1, segment.y1, 4);
  } else if (arrows.ended.data[segment.index] !== Infinity) {
    drawHead(ctx, style, segment, bold ? 1.5 : 1);
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Style} style
 * @param {Segment} segment
 * @param {number} size
 */
function drawHead(ctx, style, { x0, y0, x1, y1 }, size) {
  ctx.save();
  ctx.translate(x1, y1);
  ctx.rotate(Math.atan2(y1 - y0, x1 - x0));
  ctx.scale(size, size);
  ctx.lineWidth = 1.2;
  ctx.beginPath();
  heads[style.head](ctx);
  ctx.restore();
}

/** Heads point to the right and end at the origin. @type {Object<string, (ctx: CanvasRenderingContext2D) => void>} */
const heads = {
  diamond(ctx) {
    polygon(ctx, [0, 0, -4, 3, -8, 0, -4, -3]);
    ctx.stroke();
  },
  bar(ctx) {
    polygon(ctx, [0, 0, -8, 3, -8, -3]);
    ctx.rect(-10.5, -3.5, 1.5, 7);
    ctx.fill();
  },
  filled(ctx) {
    polygon(ctx, [0, 0, -8, 3.5, -8, -3.5]);
    ctx.fill();
  },
  double(ctx) {
    polygon(ctx, [0, 0, -7, 3.5, -7, -3.5]);
    polygon(ctx, [-6, 0, -13, 3.5, -13, -3.5]);
    ctx.fill();
  },
  open(ctx) {
    polygon(ctx, [0, 0, -8, 3.5, -8, -3.5]);
    ctx.stroke();
  },
  dot(ctx) {
    ctx.arc(-3, 0, 2.5, 0, 2 * Math.PI);
    ctx.fill();
  },
};

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number[]} points x and y by turns
 */
function polygon(ctx, points) {
  ctx.moveTo(points[0], points[1]);
  for (let i = 2; i < points.length; i += 2) ctx.lineTo(points[i], points[i + 1]);
  ctx.closePath();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} r
 */
export function drawCross(ctx, x, y, r) {
  ctx.lineWidth = 2.5;
  line(ctx, x - r, y - r, x + r, y + r);
  line(ctx, x - r, y + r, x + r, y - r);
}
