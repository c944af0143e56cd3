// @ts-check
// The causal past and future of one event: what led to it, and what it led to.

/** @typedef {import("./trace.js").Trace} Trace */

/** For every event whether it belongs to the causes or the effects of the one looked at. */
export class Lit {
  /** @param {Trace} trace */
  constructor(trace) {
    this.trace = trace;
    this.seq = 0; // the event looked at, 0 for none
    this.known = 0; // events up to this number have been judged; the others when somebody asks
    this.marks = new Uint8Array(0); // by seq - 1: 1 if it is lit
  }

  /**
   * Looks at an event, 0 for none.
   * @param {number} seq
   */
  look(seq) {
    if (seq === this.seq) return;
    this.marks.fill(0, 0, this.known);
    this.seq = seq;
    this.known = seq;
    if (seq > 0) this.markPast();
  }

  markPast() {
    this.makeRoom();
    const { data } = this.trace.cause;
    for (let s = this.seq; s > 0; s = data[s - 1]) this.marks[s - 1] = 1;
  }

  /**
   * Causes come before their effects, so one pass finds all effects up to some event.
   * @param {number} last
   */
  markFuture(last) {
    this.makeRoom();
    const { marks, seq } = this;
    const { data } = this.trace.cause;
    for (let i = this.known; i < last; i++) {
      if (data[i] >= seq && marks[data[i] - 1]) marks[i] = 1;
    }
    this.known = last;
  }

  makeRoom() {
    if (this.marks.length >= this.trace.length) return;
    const wider = new Uint8Array(Math.ceil(1.5 * this.trace.length) + 64);
    wider.set(this.marks);
    this.marks = wider;
  }

  /** @param {number} seq */
  has(seq) {
    if (this.seq === 0 || seq > this.trace.length) return false;
    if (seq > this.known) this.markFuture(seq);
    return this.marks[seq - 1] === 1;
  }
}
