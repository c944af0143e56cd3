// @ts-check
// What people have done to a run. A run is its configuration and that list, so that it can be made again
// as it was at any moment, and go on differently.

/** @typedef {import("./vocabulary.js").Header} Header */
/**
 * at is virtual nanoseconds, after how many events came before, early that not all that was due had
 * happened.
 * @typedef {{at: number, after?: number, early?: boolean, do?: string, cli?: string, server?: number}} Deed
 */
/** @typedef {import("./kept.js").Kept} Kept */
/** @typedef {import("./kin.js").Branch} Branch */
/**
 * Something that may happen next, and the line that makes it happen, as the room tells it.
 * @typedef {{do: string, kind: "packet" | "connection" | "disk" | "timer", from: number, to: number, seq?: number,
 *   name?: string, at: number, why?: string, ahead?: number}} Choice
 */

/** The deeds of one run, as the room tells them; its family, and what may happen next at the head. */
export class Deeds {
  /** @param {Header} header */
  constructor(header) {
    this.header = header;
    /** @type {Deed[]} */
    this.list = [];
    /** @type {Branch[]} */
    this.family = [];
    /** @type {Choice[]} of the head that stands */
    this.choices = [];
  }

  /**
   * @param {{actions?: Deed[], action?: Deed, family?: Branch[], choices?: Choice[]}} message all of
   *   them, or the latest
   * @returns {boolean} whether it told something that is to be shown
   */
  take({ actions, action, family, choices }) {
    if (actions) this.list = actions;
    if (action) this.list = [...this.list, action];
    if (family) this.family = family;
    if (choices) this.choices = choices;
    return Boolean(family || choices);
  }

  /** Whether the room can make such runs again. */
  get possible() {
    return this.header.config !== undefined && this.header.room !== undefined;
  }

  /**
   * The run as it is at the head.
   * @param {number} until virtual nanoseconds
   * @param {Deed[]} [list] what was done until then
   * @returns {Kept}
   */
  at(until, list = this.list.filter(({ at }) => at <= until)) {
    return { config: this.header.config ?? {}, actions: list, until: Math.floor(until), saved: Date.now() };
  }

  /**
   * A branch of the run from an event on. What was done behind that event is not done in it.
   * @param {number} seq
   * @returns {Kept}
   */
  from(seq) {
    return this.branch(seq, this.list.filter(({ after = 0 }) => after < seq));
  }

  /**
   * A branch of the run from before the last deed on, undefined if there was none.
   * @returns {Kept | undefined}
   */
  beforeLast() {
    const last = this.list.at(-1);
    return last && this.branch(last.after ?? 1, this.list.slice(0, -1));
  }

  /**
   * @param {number} after number of the event
   * @param {Deed[]} list
   * @returns {Kept}
   */
  branch(after, list) {
    return { ...this.at(0, list), after, from: this.header.room };
  }
}
