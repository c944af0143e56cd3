// @ts-check
// Lanes and bands: what each machine is doing, and in which epoch, along the timeline.

import { DOWN, ABSENT, ELECTING, FROZEN, LEADING, OBSERVING, SYNCING, hues } from "../core/roles.js";

/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {import("../core/spans.js").Spans} Spans */

/**
 * Calls back with each span that is in view and the pixels that it takes.
 * @param {Frame} frame
 * @param {Spans} spans
 * @param {number} now where the last span ends
 * @param {(value: number, x0: number, x1: number) => void} each
 */
function inView(frame, spans, now, each) {
  const [from, to] = frame.span;
  for (let i = Math.max(0, spans.indexAt(from)); i < spans.start.length; i++) {
    const start = spans.start.data[i];
    if (start > to) return;
    const end = i + 1 < spans.start.length ? spans.start.data[i + 1] : now;
    const x0 = Math.max(frame.left, frame.x(start));
    const x1 = Math.min(frame.right, frame.x(end));
    if (x1 > x0) each(spans.value.data[i], x0, x1);
  }
}

/**
 * Draws the epochs as tints with their word.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {Spans} epochs
 * @param {number} now
 */
export function drawBands(ctx, frame, palette, epochs, now) {
  ctx.font = `600 12px ${palette.sans}`;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  inView(frame, epochs, now, (epoch, x0, x1) => {
    if (epoch > 0) {
      ctx.fillStyle = palette[epoch % 2 ? "band-a" : "band-b"];
      ctx.fillRect(x0, frame.top, x1 - x0, frame.bottom - frame.top);
    }
    const word = epoch > 0 ? `epoch ${epoch}` : "election";
    if (ctx.measureText(word).width + 16 > x1 - x0) return;
    ctx.fillStyle = palette[epoch > 0 ? "second" : "faint"];
    ctx.fillText(word, x0 + 8, frame.top + 14);
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
 * @param {CanvasRenderingContext2D} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {Spans} spans
 * @param {number} y
 * @param {number} now
 */
export function drawLane(ctx, frame, palette, spans, y, now) {
  inView(frame, spans, now, (value, x0, x1) => {
    const role = value % FROZEN;
    const stroke = strokes[role] ?? plainStroke;
    ctx.strokeStyle = palette[hues[role]];
    ctx.lineWidth = stroke.width;
    ctx.setLineDash(value >= FROZEN ? [3, 9] : stroke.dash);
    line(ctx, x0, y, x1, y);
    ctx.setLineDash([]);
    if (role === OBSERVING) drawTicks(ctx, x0, x1, y);
  });
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x0
 * @param {number} x1
 * @param {number} y
 */
function drawTicks(ctx, x0, x1, y) {
  ctx.lineWidth = 2;
  for (let x = x0 + 8; x < x1; x += 16) line(ctx, x, y - 5, x, y + 5);
}

/**
 * @param {CanvasRenderingContext2D} ctx
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
