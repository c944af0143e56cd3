// @ts-check
// The visible state at any event, forwards and backwards.

import { APPEND, World } from "./fold.js";
import { Keyframes } from "./keyframes.js";
import { NODE, OPS, keyOf } from "./row.js";

/** @typedef {import("./row.js").Op} Op */
/** @typedef {import("./row.js").Row} Row */
/** @typedef {import("./trace.js").Trace} Trace */

/** Folds a trace, and keeps the world now and then so that going back is cheap. */
export class History {
  /** @param {Trace} trace */
  constructor(trace) {
    this.trace = trace;
    this.head = new World(trace.header.fields);
    this.keyframes = new Keyframes(this.head);
    this.cursor = this.keyframes.restore(0);
  }

  /**
   * Folds in the event that comes next.
   * @param {Row} row
   */
  append(row) {
    for (const op of row[OPS]) {
      if (op[0] === APPEND) this.share(row[NODE], op);
    }
    this.keyframes.note(row[NODE], row[OPS]);
    this.head.apply(row);
    this.keyframes.keepIfDue();
  }

  /**
   * Logs of servers have the same entries: lets lists share what another has at the same place.
   * @param {number} id
   * @param {Op} op
   */
  share(id, op) {
    const at = this.head.states.get(id)?.lists.get(op[1])?.length ?? 0;
    for (const [other, state] of this.head.states) {
      const values = state.lists.get(op[1])?.[at];
      if (other === id || values?.length !== op[3].length) continue;
      if (values.every((v, i) => keyOf(v) === keyOf(op[3][i]))) op[3] = values;
      return;
    }
  }

  /**
   * The world after event seq, for reading only; the next call may change it.
   * @param {number} seq
   * @returns {World}
   */
  at(seq) {
    if (seq >= this.head.seq) return this.head;
    const from = this.keyframes.lastBefore(seq);
    if (this.cursor.seq > seq || this.cursor.seq < from) this.cursor = this.keyframes.restore(seq);
    const { trace, cursor } = this;
    for (let next = cursor.seq + 1; next <= seq; next++) {
      cursor.change(next, trace.node.data[next - 1], trace.ops(next));
    }
    return cursor;
  }
}
