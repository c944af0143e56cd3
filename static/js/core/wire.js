// @ts-check
// Bytes on the wire, by jute's types: int, long, boolean, buffer and string. What the trace does not
// tell is a gap, whose bytes are unknown.

import { hex, text } from "./row.js";

/** @typedef {import("./row.js").Value} Value */
/** @typedef {"int" | "long" | "boolean" | "string" | "text" | "gap"} Type */
/** @typedef {[name: string, type: Type, value?: Value | bigint, shown?: string]} Part one field of a message */
/** @typedef {{name: string, type: Type, shown: string, bytes: number[] | undefined}} Field */

const CODER = new TextEncoder();

/**
 * Lays a message out.
 * @param {Part[]} parts
 * @returns {Field[]} in the order of the wire; bytes are undefined for a gap
 */
export function layOut(parts) {
  return parts.map(([name, type, value, said]) =>
    ({ name, type, shown: said ?? shown(type, value), bytes: encode(type, value) }));
}

/**
 * @param {Type} type
 * @param {Value | bigint | undefined} value
 * @returns {number[] | undefined}
 */
function encode(type, value) {
  switch (type) {
    case "int":
      return bigEndian(whole(value), 4);
    case "long":
      return bigEndian(whole(value), 8);
    case "boolean":
      return [value ? 1 : 0];
    case "string":
      return value === null ? bigEndian(-1n, 4) : withLength(String(value));
    case "text":
      return [...CODER.encode(String(value))];
  }
  return undefined;
}

/** @param {string} value */
function withLength(value) {
  const bytes = CODER.encode(value);
  return [...bigEndian(BigInt(bytes.length), 4), ...bytes];
}

/**
 * The number of bytes of a text in UTF-8.
 * @param {string} value
 */
export function sizeOf(value) {
  return CODER.encode(value).length;
}

/**
 * A value as a whole number; a zxid is its epoch over its counter.
 * @param {Value | bigint | undefined} value
 */
export function whole(value) {
  if (typeof value === "bigint") return value;
  if (Array.isArray(value)) return (BigInt(value[0]) << 32n) | BigInt(value[1]);
  return BigInt(text(value ?? 0));
}

/**
 * @param {bigint} n
 * @param {number} size
 */
function bigEndian(n, size) {
  const wrapped = BigInt.asUintN(8 * size, n);
  return Array.from({ length: size }, (_, i) => Number((wrapped >> BigInt(8 * (size - 1 - i))) & 0xffn));
}

/**
 * @param {Type} type
 * @param {Value | bigint | undefined} value
 */
function shown(type, value) {
  if (type === "gap") return "";
  if (value === null) return "null";
  if (Array.isArray(value)) return `${text(value)}  ${hex(value)}`;
  return typeof value === "bigint" ? `0x${BigInt.asUintN(64, value).toString(16)}` : text(value);
}

/**
 * Writes bytes as pairs of hex digits.
 * @param {number[]} bytes
 */
export function hexOf(bytes) {
  return bytes.map((b) => b.toString(16).padStart(2, "0")).join(" ");
}
