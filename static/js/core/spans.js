// @ts-check
// What the timeline draws along its lanes: roles of machines and epochs of the ensemble, each as a
// list of changes in the order of events.

import { Column, upperBound } from "./columns.js";
import { Roles } from "./roles.js";
import { NODE, OPS } from "./row.js";

/** @typedef {import("./row.js").Row} Row */
/** @typedef {import("./fold.js").World} World */

const RESET = 6; // node.OpReset

/** Values that hold from an event to the next change. */
export class Spans {
  constructor() {
    this.start = new Column(Int32Array); // numbers of events
    this.value = new Column(Int32Array);
  }

  /**
   * @param {number} seq not before the last change
   * @param {number} value
   */
  change(seq, value) {
    if (this.value.length > 0 && this.value.last === value) return;
    this.start.push(seq);
    this.value.push(value);
  }

  /**
   * The index of the span that holds at an event; -1 before the first.
   * @param {number} seq
   */
  indexAt(seq) {
    return upperBound(this.start.data, this.start.length, seq) - 1;
  }
}

/** The spans of all machines, made as events arrive. */
export class Lanes {
  /** @param {import("./vocabulary.js").Vocabulary} vocabulary */
  constructor(vocabulary) {
    this.roles = new Roles(vocabulary);
    /** @type {Map<number, Spans>} */
    this.byMachine = new Map();
    this.epochs = new Spans(); // 0 while no leader broadcasts
    this.epochs.change(0, 0);
  }

  /**
   * @param {Row} row
   * @param {World} world with the row folded in
   */
  append(row, world) {
    if (!row[OPS].some(([code, field]) => code === RESET || this.roles.concerns(field))) return;
    this.lane(row[NODE]).change(row[0], this.roles.of(world, row[NODE]));
    this.epochs.change(row[0], this.roles.established(world));
  }

  /** @param {number} machine */
  lane(machine) {
    let spans = this.byMachine.get(machine);
    if (!spans) this.byMachine.set(machine, (spans = new Spans()));
    return spans;
  }
}
