// @ts-check
// Lanes and bands: what each machine is doing, and in which epoch, along the timeline.

import { ALONE, DOWN, ABSENT, ELECTING, FROZEN, LEADING, OBSERVING, SYNCING, hues } from "../core/roles.js";
import { setWords, widthOf } from "./words.js";

/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {import("./words.js").Taken} Taken */
/** @typedef {import("../core/spans.js").Spans} Spans */
/** @typedef {CanvasRenderingContext2D} Context */

const LEAST = 1.5; // pixels; spans that are narrower are drawn as the one before

/**
 * Calls back with each span that is in view and the pixels that it takes. Where spans are too narrow
 * to be seen only some are told, so that their number is bounded by that of the pixels.
 * @param {Frame} frame
 * @param {Spans} spans
 * @param {number} end the pixel where the last span ends
 * @param {(value: number, x0: number, x1: number) => void} each
 */
function inView(frame, spans, end, each) {
  const { start, value } = spans;
  let i = Math.max(0, spans.indexAt(frame.seqAt(frame.left)));
  while (i < start.length) {
    const x0 = Math.max(frame.left, frame.x(start.data[i]));
    if (x0 > frame.right) return;
    let next = i + 1;
    let x1 = next < start.length ? frame.x(start.data[next]) : end;
    if (x1 - x0 < LEAST) {
      next = Math.max(next, spans.indexAt(frame.seqAt(x0 + LEAST)));
      x1 = next < start.length ? frame.x(start.data[next]) : end;
    }
    if (x1 > x0) each(value.data[i], x0, Math.min(frame.right, x1));
    i = next;
  }
}

/**
 * Draws the epochs as tints with their word, under what is there.
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {Spans} epochs
 * @param {number} end
 */
export function drawBands(ctx, frame, palette, epochs, end) {
  inView(frame, epochs, end, (epoch, x0, x1) => {
    if (epoch <= 0) return;
    ctx.fillStyle = palette[epoch % 2 ? "band-a" : "band-b"];
    ctx.fillRect(x0, frame.top, x1 - x0, frame.bottom - frame.top);
  });
}

/**
 * Writes which epoch each band is.
 * @param {Context} ctx
 * @param {Taken} taken
 * @param {Palette} palette
 * @param {Spans} epochs
 * @param {number} end
 */
export function drawBandWords(ctx, taken, palette, epochs, end) {
  const { frame } = taken;
  inView(frame, epochs, end, (epoch, x0, x1) => {
    if (epoch === ALONE) return;
    const words = epoch > 0 ? [`epoch ${epoch}`, String(epoch)] : ["election"];
    const room = frame.down ? 3 * (x1 - x0) : x1 - x0 - 12;
    const word = words.find((w) => widthOf(ctx, w, 600) < room);
    if (!word) return;
    setWords(ctx, palette, { hue: epoch > 0 ? "second" : "faint", weight: 600 });
    const half = widthOf(ctx, word, 600) / 2;
    const [x, y] = frame.down ? [x0 + 10, frame.top - 22 + half] : [x0 + 8 + half, frame.top + 12];
    taken.take(taken.box(x, y, 2 * half));
    taken.put(ctx, word, x, y);
  });
}

/** @type {Object<number, {width: number, dash: number[]}>} */
const strokes = {
  [ABSENT]: { width: 1, dash: [1, 5] },
  [DOWN]: { width: 1.5, dash: [1.5, 6] },
  [ELECTING]: { width: 4, dash: [4, 3] },
  [SYNCING]: { width: 4, dash: [14, 5] },
  [LEADING]: { width: 7, dash: [] },
};
const plainStroke = { width: 3, dash: [] };

/**
 * Draws a machine's lane: hue and pattern say what it is doing.
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {Spans} spans
 * @param {{y: number, end: number}} at
 */
export function drawLane(ctx, frame, palette, spans, { y, end }) {
  const thin = frame.step < 20 ? 0.7 : 1;
  inView(frame, spans, end, (value, x0, x1) => {
    const role = value % FROZEN;
    const stroke = strokes[role] ?? plainStroke;
    ctx.strokeStyle = palette[hues[role]];
    ctx.lineWidth = stroke.width * thin;
    ctx.setLineDash(stroke.dash);
    ctx.lineDashOffset = stroke.dash.length ? frame.origin * frame.zoom + x0 : 0;
    line(ctx, x0, y, x1, y);
    ctx.setLineDash([]);
    if (role === OBSERVING) drawTicks(ctx, frame, x0, x1, y);
    if (value >= FROZEN) cutGaps(ctx, frame, x0, x1, y);
  });
}

/**
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {number} x0
 * @param {number} x1
 * @param {number} y
 */
function drawTicks(ctx, frame, x0, x1, y) {
  ctx.lineWidth = 2;
  for (let x = steady(frame, x0, 16); x < x1; x += 16) line(ctx, x, y - 5, x, y + 5);
}

/**
 * A frozen machine's lane has its role, with gaps.
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {number} x0
 * @param {number} x1
 * @param {number} y
 */
function cutGaps(ctx, frame, x0, x1, y) {
  for (let x = steady(frame, x0, 14); x < x1; x += 14) ctx.clearRect(x, y - 4, 5, 8);
}

/**
 * The first of the pixels at equal distances that move along with the picture.
 * @param {Frame} frame
 * @param {number} from
 * @param {number} step
 */
export function steady(frame, from, step) {
  const zero = frame.pixel(0);
  return zero + Math.ceil((from - zero) / step) * step;
}

/**
 * @param {Context} ctx
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 */
export function line(ctx, x0, y0, x1, y1) {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}
