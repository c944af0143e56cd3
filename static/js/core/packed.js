// @ts-check
// Values in few bytes. A long run has millions of them, and as JavaScript's own they would fill the
// memory of the browser.

/** @typedef {import("./row.js").Value} Value */

const CHUNK = 1 << 16; // bytes of one piece
const ROOM = 1 << 13; // bytes that a piece keeps free for the record that begins in it
const MOST_BITS = 2 ** 31 - 1; // the largest number on which operators of bits work

// What a byte in front of a value says; from SMALL on it is the number itself.
const NONE = 0;
const FALSE = 1;
const TRUE = 2;
const POSITIVE = 3;
const NEGATIVE = 4;
const ZXID = 5;
const NO_ZXID = 6; // a zxid whose epoch is negative
const TEXT = 7;
const SMALL = 8;

/** The texts of a trace, each kept once. */
export class Texts {
  constructor() {
    /** @type {string[]} */
    this.all = [];
    /** @type {Map<string, number>} */
    this.codes = new Map();
  }

  /** @param {string} text */
  code(text) {
    let code = this.codes.get(text);
    if (code === undefined) {
      code = this.all.length;
      this.all.push(text);
      this.codes.set(text, code);
    }
    return code;
  }
}

/**
 * Bytes that are written once, from the beginning, and read from any place that was returned by
 * begin.
 */
export class Bytes {
  /** @param {Texts} texts */
  constructor(texts) {
    this.texts = texts;
    /** @type {Uint8Array[]} */
    this.chunks = [new Uint8Array(CHUNK)];
    this.chunk = this.chunks[0]; // that is written
    this.at = 0; // place in it
    this.read = this.chunk; // chunk that is read
    this.from = 0; // place in it
  }

  /** Begins a record and returns its place. A record never goes on in another piece. */
  begin() {
    if (this.at > CHUNK - ROOM) this.extend();
    return (this.chunks.length - 1) * CHUNK + this.at;
  }

  extend() {
    this.chunks[this.chunks.length - 1] = this.chunk.slice(0, this.at);
    this.chunk = new Uint8Array(CHUNK);
    this.chunks.push(this.chunk);
    this.at = 0;
  }

  /** Makes room in the piece for a record that turns out long. */
  widen() {
    const wider = new Uint8Array(2 * this.chunk.length);
    wider.set(this.chunk);
    this.chunk = this.chunks[this.chunks.length - 1] = wider;
  }

  /** @param {number} n not negative, up to 2^53 */
  number(n) {
    if (this.at + 16 > this.chunk.length) this.widen();
    while (n > MOST_BITS) {
      this.chunk[this.at++] = (n % 128) + 128;
      n = Math.floor(n / 128);
    }
    for (; n >= 128; n >>= 7) this.chunk[this.at++] = (n & 127) | 128;
    this.chunk[this.at++] = n;
  }

  /** @param {Value} v */
  value(v) {
    if (typeof v === "number") this.whole(v);
    else if (typeof v === "string") this.tagged(TEXT, this.texts.code(v));
    else if (Array.isArray(v)) this.zxid(v);
    else this.number(v === null ? NONE : v ? TRUE : FALSE);
  }

  /** @param {number} n */
  whole(n) {
    if (n >= 0 && n < 128 - SMALL) this.number(n + SMALL);
    else if (n >= 0) this.tagged(POSITIVE, n);
    else this.tagged(NEGATIVE, -n);
  }

  /**
   * @param {number} tag
   * @param {number} n
   */
  tagged(tag, n) {
    this.number(tag);
    this.number(n);
  }

  /** @param {[number, number]} z */
  zxid([epoch, counter]) {
    this.tagged(epoch < 0 ? NO_ZXID : ZXID, Math.abs(epoch));
    this.number(counter);
  }

  /** @param {Value[]} values */
  values(values) {
    this.number(values.length);
    for (const v of values) this.value(v);
  }

  /** @param {number} place from begin */
  seek(place) {
    this.read = this.chunks[Math.floor(place / CHUNK)];
    this.from = place % CHUNK;
  }

  /** @returns {number} */
  nextNumber() {
    let byte = this.read[this.from++];
    if (byte < 128) return byte;
    let n = byte - 128;
    let unit = 128;
    do {
      byte = this.read[this.from++];
      n += (byte & 127) * unit;
      unit *= 128;
    } while (byte >= 128);
    return n;
  }

  /** @returns {Value} */
  nextValue() {
    const tag = this.nextNumber();
    if (tag >= SMALL) return tag - SMALL;
    switch (tag) {
      case TEXT:
        return this.texts.all[this.nextNumber()];
      case ZXID:
        return [this.nextNumber(), this.nextNumber()];
      case NO_ZXID:
        return [-this.nextNumber(), this.nextNumber()];
      case POSITIVE:
        return this.nextNumber();
      case NEGATIVE:
        return -this.nextNumber();
    }
    return tag === NONE ? null : tag === TRUE;
  }

  /** @returns {Value[]} */
  nextValues() {
    const out = new Array(this.nextNumber());
    for (let i = 0; i < out.length; i++) out[i] = this.nextValue();
    return out;
  }
}
