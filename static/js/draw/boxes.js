// @ts-check
// What on a picture is taken already: discs, labels and plates never overlap.

/** @typedef {{x: number, y: number}} Point */
/** @typedef {{x0: number, y0: number, x1: number, y1: number}} Box */

/**
 * @param {number} x its middle
 * @param {number} y its middle
 * @param {number} width
 * @param {number} height
 * @returns {Box}
 */
export function boxAround(x, y, width, height) {
  return { x0: x - width / 2, y0: y - height / 2, x1: x + width / 2, y1: y + height / 2 };
}

/**
 * @param {Box} a
 * @param {Box} b
 */
export function overlap(a, b) {
  return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

/**
 * Whether a box and a circle have anything in common.
 * @param {Box} box
 * @param {Point} middle
 * @param {number} radius
 */
export function touches(box, { x, y }, radius) {
  const dx = Math.max(box.x0 - x, 0, x - box.x1);
  const dy = Math.max(box.y0 - y, 0, y - box.y1);
  return Math.hypot(dx, dy) < radius;
}

/** Boxes and circles that are taken, within a frame. */
export class Taken {
  /**
   * @param {number} width
   * @param {number} height
   */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    /** @type {Box[]} */
    this.boxes = [];
    /** @type {{middle: Point, radius: number}[]} */
    this.circles = [];
  }

  /** @param {Box} box */
  isFree(box) {
    return box.x0 >= 0 && box.y0 >= 0 && box.x1 <= this.width && box.y1 <= this.height &&
      !this.boxes.some((b) => overlap(b, box)) && !this.circles.some((c) => touches(box, c.middle, c.radius));
  }

  /** @param {Box} box */
  take(box) {
    this.boxes.push(box);
  }
}
