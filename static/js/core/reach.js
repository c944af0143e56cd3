// @ts-check
// Which of many messages reach across an event: found without looking at all of them.

import { Column } from "./columns.js";

const BITS = 6; // a block has 64 messages, a block of blocks 64 blocks

/** For blocks of messages, how far they reach: the last event that ends one. */
export class Reach {
  constructor() {
    this.length = 0;
    this.levels = [1, 2].map(() => ({ open: new Column(Int32Array), end: new Column(Int32Array) }));
  }

  /** Adds a message that has not ended. */
  append() {
    this.levels.forEach(({ open, end }, level) => {
      const block = this.length >> (BITS * (level + 1));
      if (block === open.length) {
        open.push(0);
        end.push(0);
      }
      open.data[block]++;
    });
    this.length++;
  }

  /**
   * @param {number} i index of a message
   * @param {number} seq of the event that ends it
   */
  finish(i, seq) {
    this.levels.forEach(({ open, end }, level) => {
      const block = i >> (BITS * (level + 1));
      open.data[block]--;
      end.data[block] = Math.max(end.data[block], seq);
    });
  }

  /**
   * Calls back with stretches of indexes that have all messages before index `before` which have not
   * ended before event seq, among others.
   * @param {number} before
   * @param {(from: number, to: number) => void} each
   * @param {number} seq
   */
  across(before, each, seq) {
    const [small, large] = this.levels;
    for (let b = 0; b << (2 * BITS) < before; b++) {
      if (!large.open.data[b] && large.end.data[b] < seq) continue;
      const last = Math.min((b + 1) << BITS, small.open.length);
      for (let s = b << BITS; s < last && s << BITS < before; s++) {
        if (!small.open.data[s] && small.end.data[s] < seq) continue;
        each(s << BITS, Math.min((s + 1) << BITS, before));
      }
    }
  }
}
