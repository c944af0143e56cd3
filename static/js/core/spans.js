// @ts-check
// What the timeline draws along its lanes: roles of machines and epochs of the ensemble, each as a
// list of changes in the order of time.

import { Column, upperBound } from "./columns.js";
import { NODE, OPS, TIME } from "./row.js";
import { Roles } from "./roles.js";

/** @typedef {import("./row.js").Row} Row */
/** @typedef {import("./fold.js").World} World */

/** Values that hold from a time to the next change. */
export class Spans {
  constructor() {
    this.start = new Column(Float64Array);
    this.value = new Column(Int32Array);
  }

  /**
   * @param {number} time not before the last change
   * @param {number} value
   */
  change(time, value) {
    const n = this.value.length;
    if (n > 0 && this.value.data[n - 1] === value) return;
    this.start.push(time);
    this.value.push(value);
  }

  /**
   * The index of the span that holds at a time; -1 before the first.
   * @param {number} time
   */
  indexAt(time) {
    return upperBound(this.start.data, this.start.length, time) - 1;
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
    if (!row[OPS].some(([code, field]) => code === 6 || this.roles.concerns(field))) return;
    this.lane(row[NODE]).change(row[TIME], this.roles.of(world, row[NODE]));
    this.epochs.change(row[TIME], this.roles.established(world));
  }

  /** @param {number} machine */
  lane(machine) {
    let spans = this.byMachine.get(machine);
    if (!spans) this.byMachine.set(machine, (spans = new Spans()));
    return spans;
  }
}
