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
const SET = 1;
const APPEND = 2;
const CUT = 3;
const PUT = 4;
const DROP = 5;
const RESET = 6;

/**
 * The visible state of one machine. Lists and maps are its own; the arrays of values in them are
 * shared with the trace and with copies, and never changed.
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
    if (typeof key === "number" && key >= 0 && key < list.length) list.length = key;
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

  /** @returns {State} a copy to which operations may be applied */
  clone() {
    const copy = new State();
    copy.scalars = new Map(this.scalars);
    for (const [field, list] of this.lists) copy.lists.set(field, list.slice());
    for (const [field, map] of this.maps) copy.maps.set(field, new Map(map));
    return copy;
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
    this.seq = row[0];
    if (row[OPS].length === 0) return;
    let state = this.states.get(row[NODE]);
    if (!state) this.states.set(row[NODE], (state = new State()));
    for (const op of row[OPS]) state.apply(this.fields, op);
  }

  /** @returns {World} a copy that can be folded on by itself */
  clone() {
    const copy = new World(this.fields);
    copy.seq = this.seq;
    for (const [id, state] of this.states) copy.states.set(id, state.clone());
    return copy;
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
