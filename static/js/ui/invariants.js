// @ts-check
// Whether all rules of the protocol have held so far: a word in the bar, and once one is broken the
// way to where that happened first.

import { h, write } from "./dom.js";
import { violation } from "./strips.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */

/** Keeps the word. */
export class Invariants {
  /**
   * @param {HTMLElement} element
   * @param {Store} store
   * @param {Catalogue} catalogue
   */
  constructor(element, store, catalogue) {
    this.element = element;
    this.store = store;
    this.catalogue = catalogue;
    this.first = 0; // number of the event that broke a rule first, 0 for none
    this.looked = 0;
    element.addEventListener("click", () => {
      if (this.first > 0) store.select(this.first);
    });
  }

  draw() {
    const { trace } = this.store;
    const kind = trace.vocabulary.kind("check.violated");
    while (this.first === 0 && this.looked < trace.length) {
      if (trace.kind.data[this.looked++] === kind) this.broken(this.looked);
    }
    if (this.first === 0) write(this.element, this.catalogue.ui("invariants.hold"));
  }

  /** @param {number} seq */
  broken(seq) {
    this.first = seq;
    const words = this.catalogue.ui("invariants.broken", violation(this.store, seq));
    this.element.className = "invariants broken";
    this.element.replaceChildren(h("button", { type: "button", class: "go" }, words));
  }
}
