// @ts-check
// Events as they arrive: one array each, in fixed order, made by trace.AppendRow in Go.

/**
 * A value of an event: none, a number, a text, a truth value, or a zxid as [epoch, counter].
 * Whole numbers beyond 2^53 are texts that begin with "i:"; a text that would look so, or begins
 * with "t:", has "t:" put in front.
 * @typedef {null | number | string | boolean | [epoch: number, counter: number]} Value
 */

/** @typedef {[code: number, answer: boolean, deciding: boolean, values: Value[]]} Check */

/** @typedef {[code: number, field: number, key: Value, values: Value[]]} Op */

/**
 * @typedef {[seq: number, time: number, node: number, kind: number, peer: number, cause: number,
 *   args: Value[], checks: Check[], ops: Op[]]} Row
 */

// Places in a Row.
export const SEQ = 0;
export const TIME = 1;
export const NODE = 2;
export const KIND = 3;
export const PEER = 4;
export const CAUSE = 5;
export const ARGS = 6;
export const CHECKS = 7;
export const OPS = 8;

const NO_ZXID = "none";

/**
 * Writes a value as people read it, alike in every language: zxids as epoch:counter.
 * @param {Value | undefined} v
 * @returns {string}
 */
export function text(v) {
  if (v === null || v === undefined) return "-";
  if (Array.isArray(v)) return zxid(v);
  if (typeof v === "string" && (v.startsWith("i:") || v.startsWith("t:"))) return v.slice(2);
  return String(v);
}

/** @param {[number, number]} z */
function zxid([epoch, counter]) {
  return epoch === -1 && counter === 0xffffffff ? NO_ZXID : `${epoch}:${counter}`;
}

/**
 * Writes a zxid as ZooKeeper's logs do, with all its digits; other values as text does.
 * @param {Value} v
 */
export function hex(v) {
  if (!Array.isArray(v)) return text(v);
  const high = (v[0] >>> 0).toString(16).padStart(8, "0");
  return "0x" + high + v[1].toString(16).padStart(8, "0");
}

/**
 * Orders zxids as signed 64-bit numbers.
 * @param {Value | undefined} a
 * @param {Value | undefined} b
 * @returns {number} negative, zero or positive; what is no zxid comes first
 */
export function compareZxids(a, b) {
  if (!Array.isArray(a) || !Array.isArray(b)) return Number(Array.isArray(a)) - Number(Array.isArray(b));
  return a[0] - b[0] || a[1] - b[1];
}

/**
 * Names a value in a Map: equal values have equal keys.
 * @param {Value} v
 */
export function keyOf(v) {
  return JSON.stringify(v);
}
