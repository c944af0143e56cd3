// @ts-check
// The visible state at any event, forwards and backwards.

import { World } from "./fold.js";

/** @typedef {import("./trace.js").Trace} Trace */

const EVERY = 512; // events between two kept worlds: bounds what a step back folds again

/** Folds a trace, and keeps a copy of the world now and then so that going back is cheap. */
export class History {
  /** @param {Trace} trace */
  constructor(trace) {
    this.trace = trace;
    this.head = new World(trace.header.fields);
    /** @type {World[]} */
    this.kept = [this.head.clone()];
    this.cursor = this.head.clone();
  }

  /** Folds in what has arrived. */
  advance() {
    while (this.head.seq < this.trace.length) {
      this.head.apply(this.trace.rows[this.head.seq]);
      if (this.head.seq % EVERY === 0) this.kept.push(this.head.clone());
    }
  }

  /**
   * The world after event seq, for reading only; the next call may change it.
   * @param {number} seq
   * @returns {World}
   */
  at(seq) {
    this.advance();
    if (seq >= this.head.seq) return this.head;
    const from = this.kept[Math.floor(seq / EVERY)];
    if (this.cursor.seq > seq || this.cursor.seq < from.seq) this.cursor = from.clone();
    while (this.cursor.seq < seq) this.cursor.apply(this.trace.rows[this.cursor.seq]);
    return this.cursor;
  }
}
