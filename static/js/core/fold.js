// @ts-check
// Folding a trace gives the visible state. This is node.State.Apply and trace.World of the engine,
// line by line; it knows no protocol, so a new packet or lab needs no new line here.

import { NODE, OPS, keyOf } from "./row.js";

/** @typedef {import("./row.js").Value} Value */
/** @typedef {import("./row.js").Op} Op */
/** @typedef {import("./row.js").Row} Row */
/** @typedef {import("./vocabulary.js").FieldInfo} FieldInfo */
/** @typedef {{key: Value, values: Value[]}} Entry */

// The operations, as node.OpCode numbers them.
export const SET = 1;
export const APPEND = 2;
export const CUT = 3;
export const PUT = 4;
export const DROP = 5;
export const RESET = 6;

/**
 * The visible state of one machine. The arrays of values in lists and maps are shared with other
 * worlds, and never changed; a list may be shared too, and only ever grows.
 */
export class State {
  constructor() {
    /** @type {Map<number, Value[]>} */
    this.scalars = new Map();
    /** @type {Map<number, Value[][]>} */
    this.lists = new Map();
    /** @type {Map<number, Map<string, Entry>>} */
    this.maps = new Map();
  }

  /**
   * Carries out one operation. One that does not fit (a cut beyond the end) changes nothing.
   * @param {FieldInfo[]} fields
   * @param {Op} op
   */
  apply(fields, [code, field, key, values]) {
    switch (code) {
      case SET:
        this.scalars.set(field, values);
        break;
      case APPEND:
        this.list(field).push(values);
        break;
      case CUT:
        this.cut(field, key);
        break;
      case PUT:
        this.map(field).set(keyOf(key), { key, values });
        break;
      case DROP:
        this.drop(field, key);
        break;
      case RESET:
        this.reset(fields);
    }
  }

  /** @param {number} field */
  list(field) {
    let list = this.lists.get(field);
    if (!list) this.lists.set(field, (list = []));
    return list;
  }

  /** @param {number} field */
  map(field) {
    let map = this.maps.get(field);
    if (!map) this.maps.set(field, (map = new Map()));
    return map;
  }

  /**
   * @param {number} field
   * @param {Value} key how many entries stay
   */
  cut(field, key) {
    const list = this.list(field);
    if (typeof key === "number" && key >= 0 && key < list.length) this.lists.set(field, list.slice(0, key));
  }

  /**
   * @param {number} field
   * @param {Value} key null takes all entries
   */
  drop(field, key) {
    if (key === null) this.maps.delete(field);
    else this.map(field).delete(keyOf(key));
  }

  /** @param {FieldInfo[]} fields */
  reset(fields) {
    fields.forEach((info, field) => {
      if (info.survives) return;
      this.scalars.delete(field);
      this.lists.delete(field);
      this.maps.delete(field);
    });
  }
}

/** The visible state of all machines after some event. */
export class World {
  /** @param {FieldInfo[]} fields */
  constructor(fields) {
    this.fields = fields;
    /** Number of the last event folded in. */
    this.seq = 0;
    /** @type {Map<number, State>} */
    this.states = new Map();
  }

  /** @param {Row} row the event after the last one folded in */
  apply(row) {
    this.change(row[0], row[NODE], row[OPS]);
  }

  /**
   * @param {number} seq of the event after the last one folded in
   * @param {number} id of its machine
   * @param {Op[]} ops
   */
  change(seq, id, ops) {
    this.seq = seq;
    if (ops.length === 0) return;
    const state = this.state(id);
    for (const op of ops) state.apply(this.fields, op);
  }

  /** @param {number} id */
  state(id) {
    let state = this.states.get(id);
    if (!state) this.states.set(id, (state = new State()));
    return state;
  }

  /**
   * A scalar of a machine, undefined if it was never set.
   * @param {number} id
   * @param {number} field
   * @param {number} [column]
   * @returns {Value | undefined}
   */
  scalar(id, field, column = 0) {
    return this.states.get(id)?.scalars.get(field)?.[column];
  }
}
