// @ts-check
// Numbers that come one after the other, kept in typed arrays that grow.

/**
 * Four types and no more: engines of JavaScript are quick with that many in one place.
 * @typedef {Float64ArrayConstructor | Int32ArrayConstructor | Uint16ArrayConstructor |
 *   Uint8ArrayConstructor} ArrayType
 */

const FIRST = 64; // numbers for which there is room at first
const GROWTH = 1.5; // little room is left unused, and yet copying stays rare

/**
 * A list of numbers. Readers take `data` afresh after each append: growing replaces it.
 */
export class Column {
  /** @param {ArrayType} type */
  constructor(type) {
    this.type = type;
    this.data = new type(FIRST);
    this.length = 0;
  }

  /** @param {number} value */
  push(value) {
    if (this.length === this.data.length) this.grow();
    this.data[this.length++] = value;
  }

  grow() {
    const wider = new this.type(Math.ceil(GROWTH * this.data.length) + FIRST);
    wider.set(this.data);
    this.data = wider;
  }

  /** The last number; 0 while there is none. */
  get last() {
    return this.length > 0 ? this.data[this.length - 1] : 0;
  }
}

/**
 * The first place in sorted data[0, length) that holds at least x; length if there is none.
 * @param {ArrayLike<number>} data
 * @param {number} length
 * @param {number} x
 * @param {number} [from] where to begin: all before it is less than x
 * @returns {number}
 */
export function lowerBound(data, length, x, from = 0) {
  let low = from;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (data[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The number of entries in sorted data[0, length) that are at most x.
 * @param {ArrayLike<number>} data
 * @param {number} length
 * @param {number} x
 */
export function upperBound(data, length, x) {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (data[middle] <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * As lowerBound, quick where the answer lies near low.
 * @param {ArrayLike<number>} data
 * @param {number} length
 * @param {number} x
 * @param {number} low all before it is less than x
 */
export function gallop(data, length, x, low) {
  let step = 1;
  while (low + step < length && data[low + step] < x) step *= 2;
  return lowerBound(data, Math.min(length, low + step + 1), x, low + (step >> 1));
}
