// @ts-check
// The trace as far as it has arrived, with what views want to know of it again and again in columns.

import { Column } from "./columns.js";
import { isPing } from "./family.js";
import { CAUSE, KIND, NODE, TIME } from "./row.js";
import { HIDDEN, Vocabulary } from "./vocabulary.js";

/** @typedef {import("./row.js").Row} Row */
/** @typedef {import("./vocabulary.js").Header} Header */

/** An append-only list of events. Numbers of events begin at 1. */
export class Trace {
  /** @param {Header} header */
  constructor(header) {
    this.header = header;
    this.vocabulary = new Vocabulary(header);
    /** @type {Row[]} */
    this.rows = [];
    this.time = new Column(Float64Array); // by seq - 1, as all columns
    this.depth = new Column(Uint8Array);
    // The effects of an event as a linked list: its first and last, and of each its next sibling.
    this.firstEffect = new Column(Int32Array);
    this.lastEffect = new Column(Int32Array);
    this.nextEffect = new Column(Int32Array);
    this.received = this.vocabulary.kind("net.received");
    this.lost = this.vocabulary.kind("net.lost");
  }

  /** The number of the last event. */
  get length() {
    return this.rows.length;
  }

  /**
   * Adds the next event.
   * @param {Row} row
   */
  append(row) {
    this.rows.push(row);
    this.time.push(row[TIME]);
    this.depth.push(this.depthOf(row));
    this.firstEffect.push(0);
    this.lastEffect.push(0);
    this.nextEffect.push(0);
    if (row[CAUSE] > 0) this.addEffect(row[CAUSE] - 1, this.rows.length);
  }

  /**
   * @param {number} cause
   * @param {number} seq
   */
  addEffect(cause, seq) {
    const last = this.lastEffect.data[cause];
    if (last === 0) this.firstEffect.data[cause] = seq;
    else this.nextEffect.data[last - 1] = seq;
    this.lastEffect.data[cause] = seq;
  }

  /**
   * How closely one must look to want the event: as its kind says, but the arrival of a message is
   * as deep as its sending, and pings are hidden.
   * @param {Row} row
   */
  depthOf(row) {
    if (isPing(row)) return HIDDEN;
    const depth = this.vocabulary.kinds[row[KIND]].depth;
    if (row[CAUSE] === 0 || (row[KIND] !== this.received && row[KIND] !== this.lost)) return depth;
    return Math.max(depth, this.depth.data[row[CAUSE] - 1]);
  }

  /**
   * The event of a number, undefined outside the trace.
   * @param {number} seq
   * @returns {Row | undefined}
   */
  at(seq) {
    return this.rows[seq - 1];
  }

  /**
   * The numbers of the events that an event led to, in order.
   * @param {number} seq
   */
  effects(seq) {
    const out = [];
    for (let e = this.firstEffect.data[seq - 1]; e > 0; e = this.nextEffect.data[e - 1]) out.push(e);
    return out;
  }

  /**
   * The events that led to an event, nearest first, back to the root.
   * @param {number} seq
   * @param {number} most
   */
  causes(seq, most) {
    const out = [];
    for (let c = this.rows[seq - 1][CAUSE]; c > 0 && out.length < most; c = this.rows[c - 1][CAUSE]) {
      out.push(c);
    }
    return out;
  }

  /**
   * Walks from an event to the nearest that is no deeper than depth, and at a machine if one is given.
   * @param {number} seq where to start; not itself considered
   * @param {1 | -1} step
   * @param {number} depth
   * @param {number} [machine]
   * @returns {number} its number, or 0 if there is none that way
   */
  near(seq, step, depth, machine = -1) {
    for (let s = seq + step; s >= 1 && s <= this.length; s += step) {
      if (this.depth.data[s - 1] > depth) continue;
      if (machine < 0 || this.rows[s - 1][NODE] === machine) return s;
    }
    return 0;
  }
}
