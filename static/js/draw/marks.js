// @ts-check
// What was done to machines and links, with its word; and what one server logged alone.

import { lowerBound } from "../core/columns.js";
import { GOOD, WALL } from "../core/marks.js";
import { drawCross } from "./arrows.js";
import { line } from "./lanes.js";
import { setWords } from "./words.js";

/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {import("./words.js").Taken} Taken */
/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {CanvasRenderingContext2D} Context */

const AWAY = 19; // pixels from a lane to the middle of a word beside it, at most
const TIGHT = 24; // pixels from lane to lane below which a word would cover one
const NEAR = 5; // pixels on one lane within which one mark stands for more

/**
 * Draws the marks in view.
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {Store} store
 * @param {Taken} taken
 */
export function drawMarks(ctx, frame, palette, store, taken) {
  const { marks, trace } = store;
  const last = frame.seqAt(frame.right + 1);
  /** @type {Map<number, number>} */
  const before = new Map();
  let i = lowerBound(marks.seq.data, marks.length, frame.seqAt(frame.left - 1));
  for (; i < marks.length && marks.seq.data[i] <= last; i++) {
    const sort = marks.sort.data[i];
    const node = marks.node.data[i];
    const x = frame.x(marks.seq.data[i]);
    if (x < frame.left || x - (before.get(node) ?? -NEAR) < NEAR) continue;
    before.set(node, x);
    const word = marks.word(i, trace.kind.data[marks.seq.data[i] - 1]);
    if (sort === WALL) drawWall(ctx, frame, palette, taken, { x, word });
    else drawFate(ctx, frame, palette, taken, { x, y: frame.y(node) ?? -9, word, bad: sort !== GOOD });
  }
  drawLonely(ctx, frame, palette, store, taken);
}

/**
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {Taken} taken
 * @param {{x: number, y: number, word: string, bad: boolean}} fate
 */
function drawFate(ctx, frame, palette, taken, { x, y, word, bad }) {
  const size = Math.min(6, frame.step / 3);
  ctx.fillStyle = palette.ground;
  disc(ctx, x, y, size + 3); // it counts for more than a dot with a number
  ctx.strokeStyle = ctx.fillStyle = palette[bad ? "fault" : "good"];
  if (bad) drawCross(ctx, x, y, size);
  else disc(ctx, x, y, size - 1);
  setWords(ctx, palette, { hue: bad ? "bad" : "ink", weight: 600 });
  const far = Math.min(AWAY, 0.45 * frame.step + 4);
  const side = bad ? far : -far;
  if (!taken.write(ctx, word, x, y + side, 600)) taken.write(ctx, word, x, y - side, 600);
}

/**
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {Taken} taken
 * @param {{x: number, word: string}} wall
 */
function drawWall(ctx, frame, palette, taken, { x, word }) {
  ctx.strokeStyle = palette.fault;
  ctx.lineWidth = 1.5;
  ctx.setLineDash([6, 4]);
  line(ctx, x, frame.top + 20, x, frame.bottom);
  ctx.setLineDash([]);
  setWords(ctx, palette, { hue: "bad", weight: 600 });
  const between = [...frame.lanes.values()].map((y) => y - frame.step / 2).reverse();
  const places = frame.step < TIGHT ? [frame.top + 12] : [frame.bottom - 10, ...between];
  places.some((y) => taken.write(ctx, word, x, y, 600));
}

/**
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {Store} store
 * @param {Taken} taken
 */
function drawLonely(ctx, frame, palette, store, taken) {
  for (const { seq, node } of store.marks.lonely) {
    const x = frame.x(seq);
    const y = frame.y(node);
    if (y === undefined || x < frame.left || x > frame.right) continue;
    ctx.fillStyle = palette.ground;
    ctx.strokeStyle = palette.following;
    ctx.lineWidth = 2.5;
    ctx.beginPath();
    ctx.arc(x, y, 6, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
    setWords(ctx, palette, { hue: "ink" });
    taken.write(ctx, store.marks.words.get(seq) ?? "", x, y - Math.min(AWAY, 0.45 * frame.step + 4));
  }
}

/**
 * @param {Context} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} r
 */
export function disc(ctx, x, y, r) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 2 * Math.PI);
  ctx.fill();
}
