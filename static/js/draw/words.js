// @ts-check
// Words on the timeline that do not get in each other's way.

/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */

const TALL = 16; // pixels of a line
const ROOMY = 34; // pixels from lane to lane from which on a word fits between
const KNOWN = 4000; // widths remembered

/** @type {Map<string, number>} widths of words in pixels, by weight and word */
const widths = new Map();

/**
 * The width of a word in the font that the context has, which setWords has given it.
 * @param {Context} ctx
 * @param {string} word
 * @param {number} [weight]
 */
export function widthOf(ctx, word, weight = 400) {
  const key = weight + word;
  let width = widths.get(key);
  if (width === undefined) {
    if (widths.size > KNOWN) widths.clear();
    width = ctx.measureText(word).width;
    widths.set(key, width);
  }
  return width;
}

/** The boxes on a picture that are taken, on the canvas as it is seen. */
export class Taken {
  /** @param {Frame} frame */
  constructor(frame) {
    this.frame = frame;
    /** @type {Box[]} */
    this.boxes = [];
  }

  /** Keeps words off the lanes, if there is room between these. */
  takeLanes() {
    const { frame } = this;
    if (frame.step < ROOMY) return;
    const half = Math.min(10, (frame.step - TALL - 1) / 2); // a dot with a number is that high
    for (const y of frame.lanes.values()) {
      const [left, top] = frame.point(frame.left, y - half);
      const [right, bottom] = frame.point(frame.right, y + half);
      this.take({ left, top, right, bottom });
    }
  }

  /** Keeps words off the lanes and what is between them. */
  takeAllLanes() {
    const { frame } = this;
    const all = [...frame.lanes.values()];
    const [left, top] = frame.point(frame.left, Math.min(...all) - frame.step / 2);
    const [right, bottom] = frame.point(frame.right, Math.max(...all) + frame.step / 2);
    this.take({ left, top, right, bottom });
  }

  /**
   * Keeps words off a line across all lanes.
   * @param {number} x
   */
  takeAcross(x) {
    const { frame } = this;
    const [left, top] = frame.point(x - 3, frame.top);
    const [right, bottom] = frame.point(x + 3, frame.bottom);
    this.take({ left, top, right, bottom });
  }

  /**
   * The box of a word centred at a point.
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @returns {Box}
   */
  box(x, y, width) {
    const [px, py] = this.frame.point(x, y);
    return { left: px - width / 2 - 3, right: px + width / 2 + 3, top: py - TALL / 2, bottom: py + TALL / 2 };
  }

  /**
   * Whether nothing is there, and the box lies within the frame.
   * @param {Box} box
   */
  isFree(box) {
    return this.isInside(box) && this.boxes.every((b) =>
      box.right <= b.left || box.left >= b.right || box.bottom <= b.top || box.top >= b.bottom);
  }

  /** @param {Box} box */
  isInside(box) {
    const { frame } = this;
    const [left, top] = frame.point(frame.left, frame.top);
    const [right, bottom] = frame.point(frame.right, frame.bottom);
    return box.left >= left - 4 && box.right <= right + 4 && box.top >= top && box.bottom <= bottom;
  }

  /** @param {Box} box */
  take(box) {
    this.boxes.push(box);
  }

  /**
   * Writes a word at a point if it is free there.
   * @param {Context} ctx
   * @param {string} word
   * @param {number} x
   * @param {number} y
   * @param {number} [weight]
   */
  write(ctx, word, x, y, weight) {
    const box = this.box(x, y, widthOf(ctx, word, weight));
    if (!this.isFree(box)) return false;
    this.take(box);
    this.put(ctx, word, x, y);
    return true;
  }

  /**
   * Writes a word at a point on a margin of the ground, so that lines behind do not disturb.
   * @param {Context} ctx
   * @param {string} word
   * @param {number} x
   * @param {number} y
   */
  put(ctx, word, x, y) {
    const { frame } = this;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    frame.turn(ctx);
    ctx.strokeText(word, ...frame.point(x, y));
    ctx.fillText(word, ...frame.point(x, y));
    frame.turn(ctx);
  }
}

/**
 * Sets a context to write words with a margin.
 * @param {Context} ctx
 * @param {Palette} palette
 * @param {{hue: string, weight?: number}} look
 */
export function setWords(ctx, palette, { hue, weight = 400 }) {
  ctx.font = `${weight} 12px ${palette.sans}`;
  ctx.fillStyle = palette[hue];
  ctx.strokeStyle = palette["band-a"];
  ctx.lineWidth = 4;
  ctx.lineJoin = "round";
}

/**
 * Draws a word on a plate, kept inside the frame.
 * @param {Context} ctx
 * @param {Frame} frame
 * @param {Palette} palette
 * @param {{x: number, y: number, word: string, hue: string}} plate centred there
 */
export function drawPlate(ctx, frame, palette, { x, y, word, hue }) {
  ctx.font = `600 12px ${palette.sans}`;
  const wide = widthOf(ctx, word, 600) + 16;
  const [px, py] = frame.point(x, y);
  const [right, bottom] = frame.point(frame.along, frame.across);
  const left = Math.max(2, Math.min(right - wide - 2, px - wide / 2));
  const top = Math.max(2, Math.min(bottom - 24, py - 11));
  frame.turn(ctx);
  ctx.fillStyle = palette.ground;
  ctx.strokeStyle = palette[hue];
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.roundRect(left, top, wide, 22, 4);
  ctx.fill();
  ctx.stroke();
  ctx.fillStyle = palette.ink;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillText(word, left + 8, top + 12);
  frame.turn(ctx);
}
