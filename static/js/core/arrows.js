// @ts-check
// Messages as the timeline and the ring draw them: from a sending to an arrival, or to nothing.

import { Column, lowerBound, upperBound } from "./columns.js";
import { styleOf } from "./family.js";
import { Reach } from "./reach.js";
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
    this.from = new Column(Uint16Array);
    this.to = new Column(Uint16Array);
    this.style = new Column(Uint8Array); // index into family.styles
    this.byEvent = new Column(Int32Array); // by seq - 1: index + 1 of what it sends or ends, or 0
    this.reach = new Reach();
    this.usual = 1.5e5; // nanoseconds that a message takes, a running mean
  }

  get length() {
    return this.send.length;
  }

  /**
   * @param {Row} row
   * @param {number} seq
   */
  append(row, seq) {
    const ends = row[KIND] === this.trace.received || row[KIND] === this.trace.lost;
    const ended = ends ? this.finish(row, seq) : -1;
    const style = styleOf(this.trace.vocabulary, row);
    const sends = style >= 0 && row[PEER] !== 0;
    this.byEvent.push(sends ? this.length + 1 : ended + 1);
    if (!sends) return;
    this.reach.append();
    this.send.push(seq);
    this.end.push(0);
    this.lost.push(0);
    this.from.push(row[NODE]);
    this.to.push(row[PEER]);
    this.style.push(style);
  }

  /**
   * @param {Row} row
   * @param {number} seq
   * @returns {number} the index of the message that ends here, -1 for none
   */
  finish(row, seq) {
    const i = row[CAUSE] > 0 ? this.byEvent.data[row[CAUSE] - 1] - 1 : -1;
    if (i < 0 || this.send.data[i] !== row[CAUSE] || this.end.data[i] > 0) return -1;
    this.end.data[i] = seq;
    this.reach.finish(i, seq);
    this.lost.data[i] = row[KIND] === this.trace.lost ? 1 : 0;
    if (!this.lost.data[i]) this.usual += (row[TIME] - this.sentAt(i) - this.usual) / 16;
    return i;
  }

  /**
   * The message that an event sends or ends, -1 for none.
   * @param {number} seq
   */
  of(seq) {
    return seq >= 1 && seq <= this.byEvent.length ? this.byEvent.data[seq - 1] - 1 : -1;
  }

  /** @param {number} i */
  sentAt(i) {
    return this.trace.time.data[this.send.data[i] - 1];
  }

  /**
   * When a message ended, Infinity while it is under way.
   * @param {number} i
   */
  endedAt(i) {
    const end = this.end.data[i];
    return end === 0 ? Infinity : this.trace.time.data[end - 1];
  }

  /**
   * Calls back with each message sent before an event that had not ended before it.
   * @param {number} seq
   * @param {(index: number) => void} each
   */
  across(seq, each) {
    const sent = lowerBound(this.send.data, this.length, seq);
    this.reach.across(sent, (from, to) => {
      for (let i = from; i < to; i++) {
        const end = this.end.data[i];
        if (end === 0 || end >= seq) each(i);
      }
    }, seq);
  }

  /**
   * The messages under way after the event of a number.
   * @param {number} seq
   */
  inFlight(seq) {
    /** @type {number[]} */
    const out = [];
    this.across(seq + 1, (i) => out.push(i));
    return out;
  }

  /**
   * How many messages events [from, to] send.
   * @param {number} from
   * @param {number} to
   */
  sentWithin(from, to) {
    const { data } = this.send;
    return upperBound(data, this.length, to) - lowerBound(data, this.length, from);
  }

  /**
   * How far a message has come at a time, 0 to 1. One whose arrival is not known yet travels at
   * the usual pace and waits short of its goal.
   * @param {number} i
   * @param {number} time
   */
  progress(i, time) {
    const end = this.endedAt(i);
    const gone = time - this.sentAt(i);
    if (end === Infinity) return Math.min(0.9, gone / this.usual);
    return Math.max(0, Math.min(1, gone / Math.max(1, end - this.sentAt(i))));
  }
}
