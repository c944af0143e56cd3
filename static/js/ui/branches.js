// @ts-check
// Going back and doing otherwise: a new run that is the same up to a moment.

import { keep, replay } from "../core/kept.js";
import { say } from "./said.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */
/** @typedef {import("../core/deeds.js").Deeds} Deeds */

const PAUSE = 1000; // milliseconds between two times that the run is remembered

/** Makes branches, and remembers the run in this browser. */
export class Branches {
  /**
   * @param {HTMLElement} said where to say what went wrong
   * @param {Store} store
   * @param {Catalogue} catalogue
   * @param {Deeds} deeds
   */
  constructor(said, store, catalogue, deeds) {
    this.said = said;
    this.store = store;
    this.catalogue = catalogue;
    this.deeds = deeds;
    this.kept = -PAUSE;
  }

  /** A new run that goes on from the cursor. */
  fork() {
    this.open(this.deeds.at(this.store.now), this.store.cursor);
  }

  /** A new run in which the last thing was not done. */
  undo() {
    const before = this.deeds.beforeLast();
    if (before) this.open(before, 0);
    else say(this.said, this.catalogue.ui("branch.nothing"), true);
  }

  /**
   * @param {import("../core/kept.js").Kept} run
   * @param {number} seq the event that it goes on from, 0 for none in particular
   */
  async open(run, seq) {
    say(this.said, this.catalogue.ui("branch.opening", { seq }));
    const { page, error } = await replay(run);
    if (page) location.assign(page);
    else say(this.said, error ?? "", true);
  }

  /** Remembers the run now and then, so that a server that forgot it can make it again. */
  draw() {
    const { header } = this.deeds;
    if (!this.deeds.possible || performance.now() - this.kept < PAUSE) return;
    this.kept = performance.now();
    keep(header.room ?? "", this.deeds.at(this.store.head.now, this.deeds.list));
  }
}
