// @ts-check
// What a prepared run is about: leads to the moment that matters, and to the beginning.

import { ARGS } from "../core/row.js";

/** @typedef {import("../core/store.js").Store} Store */

/** Keeps the story. */
export class Story {
  /**
   * @param {HTMLElement} element
   * @param {Store} store
   */
  constructor(element, store) {
    this.store = store;
    this.first = element.dataset.first !== undefined;
    const button = element.querySelector("[data-moment]");
    if (!(button instanceof HTMLElement)) return;
    const [kind, said] = (button.dataset.moment ?? "").split(" ");
    button.addEventListener("click", () => {
      const seq = this.last(kind, said);
      if (seq > 0) store.select(seq);
    });
  }

  /**
   * The number of the last event of a kind, with a word among its arguments if one is given; 0 if
   * there is none.
   * @param {string} kind
   * @param {string} [said]
   */
  last(kind, said) {
    const { trace } = this.store;
    const code = trace.vocabulary.kinds.findIndex(({ name }) => name === kind);
    for (let seq = trace.length; seq > 0; seq--) {
      if (trace.kind.data[seq - 1] === code && (!said || trace.at(seq)?.[ARGS].includes(said))) return seq;
    }
    return 0;
  }

  /** A run that is a question is looked at from its beginning, as soon as it is there. */
  draw() {
    if (!this.first || this.store.trace.length === 0) return;
    this.first = false;
    this.store.select(1);
  }
}
