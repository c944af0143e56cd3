// @ts-check
// The network as people made it: which links are cut or held, and which sides that makes.

import { text } from "./row.js";
import { WORLD } from "./vocabulary.js";

/** @typedef {import("./fold.js").World} World */

/** Reads the links off a world. */
export class Links {
  /** @param {import("./vocabulary.js").Vocabulary} vocabulary */
  constructor(vocabulary) {
    this.field = vocabulary.field("links");
  }

  /**
   * How the link from one machine to another is: "" if it is open.
   * @param {World} world
   * @param {number} from
   * @param {number} to
   * @returns {string} "", "cut", "held" or "cut,held"
   */
  state(world, from, to) {
    const entry = world.states.get(WORLD)?.maps.get(this.field)?.get(JSON.stringify(`${from}>${to}`));
    return entry ? text(entry.values[0]) : "";
  }

  /**
   * @param {World} world
   * @param {number} from
   * @param {number} to
   */
  isCut(world, from, to) {
    return this.state(world, from, to).startsWith("cut");
  }

  /**
   * @param {World} world
   * @param {number} from
   * @param {number} to
   */
  isHeld(world, from, to) {
    return this.state(world, from, to).endsWith("held");
  }

  /** @param {World} world */
  any(world) {
    return (world.states.get(WORLD)?.maps.get(this.field)?.size ?? 0) > 0;
  }

  /** @param {World} world */
  anyCut(world) {
    const all = world.states.get(WORLD)?.maps.get(this.field);
    return [...(all?.values() ?? [])].some(({ values }) => text(values[0]).startsWith("cut"));
  }

  /**
   * The groups of machines that can still talk, each in order.
   * @param {World} world
   * @param {number[]} ids
   * @param {boolean} [oneWayWill] whether a link that is cut in one direction only counts as open
   * @returns {number[][]} one group if nothing is cut
   */
  sides(world, ids, oneWayWill = false) {
    const left = new Set(ids);
    const out = [];
    while (left.size > 0) {
      const side = [...left].slice(0, 1);
      left.delete(side[0]);
      for (const a of side) {
        for (const b of left) {
          const [there, back] = [this.isCut(world, a, b), this.isCut(world, b, a)];
          if (oneWayWill ? there && back : there || back) continue;
          left.delete(b);
          side.push(b);
        }
      }
      out.push(side.sort((a, b) => a - b));
    }
    return out;
  }
}
