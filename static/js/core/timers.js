// @ts-check
// Timers: when each was armed, so that one can be drawn as the share of it that is left.

import { Column, upperBound } from "./columns.js";
import { NODE, OPS, TIME, keyOf } from "./row.js";
import { FIRST_CLIENT } from "./vocabulary.js";

/** @typedef {import("./row.js").Row} Row */
/** @typedef {import("./fold.js").World} World */
/** @typedef {{name: string, at: number, since: number}} Timer times are virtual nanoseconds */

const PUT = 4; // node.OpPut

// Timers that a person waits for, the most telling first; of others the one that fires first is shown.
const TELLING = ["fle.finalizeWait", "fle.notification", "observer.delay", "leader.initLimit", "learner.reconnect",
  "learner.readTimeout", "leader.tick"];

/**
 * The name of a timer without the number of the connection that it is for.
 * @param {string} name
 */
export function baseName(name) {
  return name.replace(/\.\d{7,}$/, "");
}

/** The armings of one timer of one machine, by number of event. */
class Armings {
  constructor() {
    this.seq = new Column(Int32Array);
    this.time = new Column(Float64Array);
  }
}

/** All armings of a trace. */
export class Timers {
  /** @param {import("./vocabulary.js").Vocabulary} vocabulary */
  constructor(vocabulary) {
    this.field = vocabulary.field("timers");
    /** @type {Map<string, Armings>} */
    this.byName = new Map();
  }

  /** @param {Row} row */
  append(row) {
    for (const [code, field, key] of row[OPS]) {
      if (code !== PUT || field !== this.field) continue;
      const armings = this.of(row[NODE], keyOf(key));
      armings.seq.push(row[0]);
      armings.time.push(row[TIME]);
    }
  }

  /**
   * @param {number} machine
   * @param {string} key
   */
  of(machine, key) {
    const name = `${machine} ${key}`;
    let armings = this.byName.get(name);
    if (!armings) this.byName.set(name, (armings = new Armings()));
    return armings;
  }

  /**
   * The timers that run on a machine, the next to fire first.
   * @param {World} world
   * @param {number} machine
   * @returns {Timer[]}
   */
  running(world, machine) {
    const out = [];
    for (const [key, { key: name, values }] of world.states.get(machine)?.maps.get(this.field) ?? []) {
      const { seq, time } = this.of(machine, key);
      const i = upperBound(seq.data, seq.length, world.seq) - 1;
      out.push({ name: String(name), at: Number(values[0]), since: i < 0 ? 0 : time.data[i] });
    }
    return out.sort((a, b) => a.at - b.at);
  }

  /**
   * The one timer that tells most of what a machine waits for.
   * @param {World} world
   * @param {number} machine
   * @returns {Timer | undefined}
   */
  main(world, machine) {
    if (machine >= FIRST_CLIENT) return undefined;
    const all = this.running(world, machine);
    const base = (/** @type {Timer} */ t) => TELLING.indexOf(t.name.replace(/\.\d+$/, ""));
    return all.filter((t) => base(t) >= 0).sort((a, b) => base(a) - base(b))[0] ?? all[0];
  }
}
