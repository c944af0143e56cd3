// @ts-check
// What a machine is doing, as one word and one hue: read off the visible state.

import { text } from "./row.js";
import { FIRST_CLIENT } from "./vocabulary.js";

/** @typedef {import("./fold.js").World} World */
/** @typedef {import("./vocabulary.js").Vocabulary} Vocabulary */

// Roles by number, so that columns of numbers can name them.
export const ABSENT = 0; // not started yet
export const DOWN = 1;
export const ELECTING = 2;
export const SYNCING = 3;
export const FOLLOWING = 4;
export const OBSERVING = 5;
export const LEADING = 6;
export const UP = 7; // a client, or a machine whose protocol has no roles
/** In place of an epoch, where a server serves alone. */
export const ALONE = -1;
/** Added to a role while the process is frozen. */
export const FROZEN = 16;

/** Names of colours (see css/tokens.css), by role. */
export const hues = ["lane", "down", "electing", "syncing", "following", "following", "leading", "second"];

/** Reads roles, epochs and zxids off a world, by the names that ZooKeeper's machines use. */
export class Roles {
  /** @param {Vocabulary} vocabulary */
  constructor(vocabulary) {
    this.process = vocabulary.field("process");
    this.state = vocabulary.field("state");
    this.phase = vocabulary.field("phase");
    this.epoch = vocabulary.field("currentEpoch");
    this.zxid = vocabulary.field("lastProcessed");
    this.clientState = vocabulary.field("clientState");
  }

  /**
   * Whether a change of this field may change a role.
   * @param {number} field
   */
  concerns(field) {
    return field === this.process || field === this.state || field === this.phase || field === this.epoch;
  }

  /**
   * @param {World} world
   * @param {number} id
   * @returns {number} a role, with FROZEN added if it is
   */
  of(world, id) {
    const process = world.scalar(id, this.process);
    if (process === undefined) return ABSENT;
    if (process === "down") return DOWN;
    const role = id >= FIRST_CLIENT ? UP : this.running(world, id);
    return process === "paused" ? role + FROZEN : role;
  }

  /**
   * @param {World} world
   * @param {number} id
   */
  running(world, id) {
    const done = text(world.scalar(id, this.phase)) === "BROADCAST";
    switch (world.scalar(id, this.state)) {
      case "LEADING":
        return LEADING;
      case "FOLLOWING":
        return done ? FOLLOWING : SYNCING;
      case "OBSERVING":
        return done ? OBSERVING : SYNCING;
      case "LOOKING":
        return ELECTING;
    }
    return UP;
  }

  /**
   * The word under a machine.
   * @param {World} world
   * @param {number} id
   */
  word(world, id) {
    const role = this.of(world, id);
    if (role >= FROZEN) return "FROZEN";
    if (role === ABSENT) return "";
    if (role === DOWN) return "DOWN";
    if (role === SYNCING) return "SYNCING";
    const state = world.scalar(id, id >= FIRST_CLIENT ? this.clientState : this.state);
    return state === undefined ? "UP" : text(state);
  }

  /**
   * The epoch in which the ensemble works: that of a leader which broadcasts; 0 while there is none, and
   * ALONE where a server serves without an ensemble.
   * @param {World} world
   */
  established(world) {
    let epoch = 0;
    for (const id of world.states.keys()) {
      if (world.scalar(id, this.state) === "STANDALONE") return ALONE;
      if (this.of(world, id) !== LEADING || world.scalar(id, this.phase) !== "BROADCAST") continue;
      epoch = Math.max(epoch, Number(text(world.scalar(id, this.epoch))) || 0);
    }
    return epoch;
  }
}
