// @ts-check
// Messages as the timeline and the ring draw them: from a sending to an arrival, or to nothing.

import { Column, lowerBound } from "./columns.js";
import { styleOf } from "./family.js";
import { CAUSE, KIND, NODE, PEER, TIME } from "./row.js";

/** @typedef {import("./row.js").Row} Row */
/** @typedef {import("./trace.js").Trace} Trace */

/** All messages in the order of their sending, in columns by index. */
export class Arrows {
  /** @param {Trace} trace */
  constructor(trace) {
    this.trace = trace;
    this.send = new Column(Int32Array); // seq of the sending
    this.end = new Column(Int32Array); // seq of the arrival or loss, 0 while under way
    this.lost = new Column(Uint8Array);
    this.from = new Column(Int32Array);
    this.to = new Column(Int32Array);
    this.sent = new Column(Float64Array); // time
    this.ended = new Column(Float64Array); // time, Infinity while under way
    this.style = new Column(Uint8Array); // index into family.styles
    this.longest = 0; // nanoseconds that a message has taken
    this.usual = 1.5e5; // nanoseconds, a running mean
    /** @type {Map<number, number>} index of messages under way, by seq of their sending */
    this.underWay = new Map();
    /** @type {Map<number, number>} index by seq of arrival or loss */
    this.byEnd = new Map();
    /** @type {Map<number, number>} index by seq of sending */
    this.bySend = new Map();
  }

  get length() {
    return this.send.length;
  }

  /**
   * @param {Row} row
   * @param {number} seq
   */
  append(row, seq) {
    if (row[KIND] === this.trace.received || row[KIND] === this.trace.lost) this.finish(row, seq);
    const style = styleOf(this.trace.vocabulary, row);
    if (style < 0 || row[PEER] === 0) return;
    this.underWay.set(seq, this.length);
    this.bySend.set(seq, this.length);
    this.send.push(seq);
    this.end.push(0);
    this.lost.push(0);
    this.from.push(row[NODE]);
    this.to.push(row[PEER]);
    this.sent.push(row[TIME]);
    this.ended.push(Infinity);
    this.style.push(style);
  }

  /**
   * @param {Row} row
   * @param {number} seq
   */
  finish(row, seq) {
    const i = this.underWay.get(row[CAUSE]);
    if (i === undefined) return;
    this.underWay.delete(row[CAUSE]);
    this.byEnd.set(seq, i);
    this.end.data[i] = seq;
    this.lost.data[i] = row[KIND] === this.trace.lost ? 1 : 0;
    this.ended.data[i] = row[TIME];
    const took = row[TIME] - this.sent.data[i];
    this.longest = Math.max(this.longest, took);
    if (!this.lost.data[i]) this.usual += (took - this.usual) / 16;
  }

  /**
   * The message that an event sends or ends, -1 for none.
   * @param {number} seq
   */
  of(seq) {
    return this.bySend.get(seq) ?? this.byEnd.get(seq) ?? -1;
  }

  /**
   * The first message that may still be under way at a time; all earlier ones have ended.
   * @param {number} time
   */
  firstAround(time) {
    const i = lowerBound(this.sent.data, this.length, time - this.longest);
    const oldest = this.underWay.values().next().value;
    return oldest === undefined ? i : Math.min(i, oldest);
  }

  /**
   * The messages under way at a time, after the event of a number.
   * @param {number} seq
   * @param {number} time
   */
  inFlight(seq, time) {
    const out = [];
    for (let i = this.firstAround(time); i < this.length && this.send.data[i] <= seq; i++) {
      const end = this.end.data[i];
      if (end === 0 || end > seq) out.push(i);
    }
    return out;
  }

  /**
   * How far a message has come at a time, 0 to 1. One whose arrival is not known yet travels at
   * the usual pace and waits short of its goal.
   * @param {number} i
   * @param {number} time
   */
  progress(i, time) {
    const end = this.ended.data[i];
    const gone = time - this.sent.data[i];
    if (end === Infinity) return Math.min(0.9, gone / this.usual);
    return Math.max(0, Math.min(1, gone / Math.max(1, end - this.sent.data[i])));
  }
}
