// @ts-check
// What machines did by themselves: a dot on the lane, and a run of such events as one dot with their
// number.

import { DECISIONS } from "../core/vocabulary.js";

/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {import("./segments.js").Segments} Segments */
/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {{x: number, y: number, count: number, decided: boolean}} Run */

const NEAR = 21; // pixels within which events are one run
const SMALL = 22; // pixels of a lane below which runs have no number

/**
 * Draws the dots of all lanes.
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {Store} store
 * @param {Segments} segments
 */
export function drawDots(ctx, frame, palette, store, segments) {
  if (segments.dense.length === 1 && segments.count === 0) return;
  const runs = gather(frame, store, segments);
  const counted = (/** @type {Run} */ { count }) => count > 1 && frame.step >= SMALL;
  const plain = runs.filter((r) => !counted(r));
  drawAll(ctx, plain.filter((r) => !r.decided), { r: 2, fill: palette.second, stroke: "" });
  drawAll(ctx, plain.filter((r) => r.decided), { r: 3.5, fill: palette.ground, stroke: palette.ink });
  const many = runs.filter(counted);
  drawAll(ctx, many.filter((r) => !r.decided), { r: 8, fill: palette.ground, stroke: palette.second });
  drawAll(ctx, many.filter((r) => r.decided), { r: 8, fill: palette.ground, stroke: palette.ink });
  ctx.fillStyle = palette.ink;
  ctx.font = `600 12px ${palette.sans}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const { x, y, count } of many) frame.write(ctx, count > 99 ? "…" : String(count), x, y);
}

/**
 * The runs in view.
 * @param {Frame} frame
 * @param {Store} store
 * @param {Segments} segments
 */
function gather(frame, store, segments) {
  const [first, end] = frame.ranks;
  const { shown } = store.axis;
  /** @type {Run[]} */
  const out = [];
  /** @type {Map<number, Run>} the run of each lane that may go on */
  const open = new Map();
  for (let rank = first; rank < end; rank++) {
    const seq = shown.data[rank];
    const node = store.trace.node.data[seq - 1];
    const y = frame.y(node);
    if (store.arrows.of(seq) >= 0 || y === undefined) continue;
    const x = frame.x(seq);
    if (segments.isDense(x)) continue;
    const decided = store.trace.depth.data[seq - 1] <= DECISIONS;
    const run = open.get(node);
    if (run && x - run.x < NEAR) {
      run.count++;
      run.decided ||= decided;
      continue;
    }
    const next = { x, y, count: 1, decided };
    open.set(node, next);
    out.push(next);
  }
  return out;
}

/**
 * Draws circles that look alike.
 * @param {Context} ctx
 * @param {Run[]} runs
 * @param {{r: number, fill: string, stroke: string}} look
 */
function drawAll(ctx, runs, { r, fill, stroke }) {
  if (runs.length === 0) return;
  ctx.beginPath();
  for (const { x, y } of runs) {
    ctx.moveTo(x + r, y);
    ctx.arc(x, y, r, 0, 2 * Math.PI);
  }
  ctx.fillStyle = fill;
  ctx.fill();
  if (stroke === "") return;
  ctx.strokeStyle = stroke;
  ctx.lineWidth = 1.5;
  ctx.stroke();
}
