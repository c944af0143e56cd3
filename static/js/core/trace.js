// @ts-check
// The trace as far as it has arrived: what views want to know of it again and again in columns, the
// rest packed.

import { Column } from "./columns.js";
import { isPing } from "./family.js";
import { Bytes, Texts } from "./packed.js";
import { ARGS, CAUSE, CHECKS, KIND, NODE, OPS, PEER, TIME } from "./row.js";
import { HIDDEN, Vocabulary } from "./vocabulary.js";

/** @typedef {import("./row.js").Row} Row */
/** @typedef {import("./row.js").Check} Check */
/** @typedef {import("./row.js").Op} Op */
/** @typedef {import("./vocabulary.js").Header} Header */

const FRESH = 64; // rows kept as they were read last

/** An append-only list of events. Numbers of events begin at 1. */
export class Trace {
  /** @param {Header} header */
  constructor(header) {
    this.header = header;
    this.vocabulary = new Vocabulary(header);
    this.time = new Column(Float64Array); // by seq - 1, as all columns
    this.node = new Column(Uint16Array);
    this.kind = new Column(Uint16Array);
    this.peer = new Column(Uint16Array);
    this.cause = new Column(Int32Array);
    this.depth = new Column(Uint8Array);
    this.place = new Column(Int32Array); // where the rest of the event is packed
    this.packed = new Bytes(new Texts());
    /** @type {Map<number, Row>} */
    this.fresh = new Map();
    this.received = this.vocabulary.kind("net.received");
    this.lost = this.vocabulary.kind("net.lost");
  }

  /** The number of the last event. */
  get length() {
    return this.time.length;
  }

  /** The time of the last event. */
  get lastTime() {
    return this.time.last;
  }

  /**
   * Adds the next event.
   * @param {Row} row
   */
  append(row) {
    this.time.push(row[TIME]);
    this.node.push(row[NODE]);
    this.kind.push(row[KIND]);
    this.peer.push(row[PEER]);
    this.cause.push(row[CAUSE]);
    this.depth.push(this.depthOf(row));
    this.place.push(this.packed.begin());
    this.pack(row);
  }

  /** @param {Row} row */
  pack(row) {
    const { packed } = this;
    packed.number(row[OPS].length);
    for (const [code, field, key, values] of row[OPS]) {
      packed.number(code);
      packed.number(field);
      packed.value(key);
      packed.values(values);
    }
    packed.values(row[ARGS]);
    packed.number(row[CHECKS].length);
    for (const [code, answer, deciding, values] of row[CHECKS]) {
      packed.number(4 * code + 2 * Number(answer) + Number(deciding));
      packed.values(values);
    }
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
    if (!(seq >= 1 && seq <= this.length)) return undefined;
    return this.fresh.get(seq) ?? this.unpack(seq);
  }

  /**
   * @param {number} seq
   * @returns {Row}
   */
  unpack(seq) {
    const i = seq - 1;
    const ops = this.ops(seq);
    const args = this.packed.nextValues();
    /** @type {Row} */
    const row = [seq, this.time.data[i], this.node.data[i], this.kind.data[i], this.peer.data[i],
      this.cause.data[i], args, this.nextChecks(), ops];
    if (this.fresh.size >= FRESH) this.fresh.clear();
    this.fresh.set(seq, row);
    return row;
  }

  /**
   * What an event changes of the visible state.
   * @param {number} seq
   * @returns {Op[]}
   */
  ops(seq) {
    const { packed } = this;
    packed.seek(this.place.data[seq - 1]);
    const out = new Array(packed.nextNumber());
    for (let i = 0; i < out.length; i++) {
      out[i] = [packed.nextNumber(), packed.nextNumber(), packed.nextValue(), packed.nextValues()];
    }
    return out;
  }

  /** @returns {Check[]} */
  nextChecks() {
    const { packed } = this;
    const out = new Array(packed.nextNumber());
    for (let i = 0; i < out.length; i++) {
      const code = packed.nextNumber();
      out[i] = [code >> 2, (code & 2) > 0, (code & 1) > 0, packed.nextValues()];
    }
    return out;
  }

  /**
   * The numbers of the events that an event led to, in order.
   * @param {number} seq
   */
  effects(seq) {
    const { data, length } = this.cause;
    const out = [];
    for (let i = seq; i < length; i++) {
      if (data[i] === seq) out.push(i + 1);
    }
    return out;
  }

  /**
   * The events that led to an event, nearest first, back to the root.
   * @param {number} seq
   * @param {number} most
   */
  causes(seq, most) {
    const { data } = this.cause;
    const out = [];
    for (let c = data[seq - 1]; c > 0 && out.length < most; c = data[c - 1]) out.push(c);
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
      if (machine < 0 || this.node.data[s - 1] === machine) return s;
    }
    return 0;
  }
}
