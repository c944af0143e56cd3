// @ts-check
// What people have done to a run. A run is its configuration and that list, so that it can be made again
// as it was at any moment, and go on differently.

/** @typedef {import("./vocabulary.js").Header} Header */
/** @typedef {{at: number, do?: string, cli?: string, server?: number}} Deed at in virtual nanoseconds */
/** @typedef {import("./kept.js").Kept} Kept */

/** The deeds of one run, as the room tells them. */
export class Deeds {
  /** @param {Header} header */
  constructor(header) {
    this.header = header;
    /** @type {Deed[]} */
    this.list = [];
  }

  /**
   * @param {{actions?: Deed[], action?: Deed}} message all of them, or the latest
   */
  take({ actions, action }) {
    if (actions) this.list = actions;
    if (action) this.list = [...this.list, action];
  }

  /** Whether the room can make such runs again. */
  get possible() {
    return this.header.config !== undefined && this.header.room !== undefined;
  }

  /**
   * The run as it was at a moment.
   * @param {number} until virtual nanoseconds
   * @param {Deed[]} [list] what was done until then
   * @returns {Kept}
   */
  at(until, list = this.list.filter(({ at }) => at <= until)) {
    return { config: this.header.config ?? {}, actions: list, until: Math.floor(until), saved: Date.now() };
  }

  /**
   * The run as it was just before the last deed, undefined if there was none.
   * @returns {Kept | undefined}
   */
  beforeLast() {
    const last = this.list.at(-1);
    return last && this.at(last.at, this.list.slice(0, -1));
  }
}
