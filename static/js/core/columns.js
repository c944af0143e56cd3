// @ts-check
// Numbers that come one after the other, kept in typed arrays that grow.

/** @typedef {Float64ArrayConstructor | Int32ArrayConstructor | Uint8ArrayConstructor} ArrayType */

/**
 * A list of numbers. Readers take `data` afresh after each append: growing replaces it.
 */
export class Column {
  /** @param {ArrayType} type */
  constructor(type) {
    this.type = type;
    this.data = new type(256);
    this.length = 0;
  }

  /** @param {number} value */
  push(value) {
    if (this.length === this.data.length) {
      const wider = new this.type(2 * this.data.length);
      wider.set(this.data);
      this.data = wider;
    }
    this.data[this.length++] = value;
  }
}

/**
 * The first place in sorted data[0, length) that holds at least x; length if there is none.
 * @param {ArrayLike<number>} data
 * @param {number} length
 * @param {number} x
 */
export function lowerBound(data, length, x) {
  let low = 0;
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
