// @ts-check
// The caption: what happened last, as one sentence; and the same for those who listen.

import { seconds } from "../core/axis.js";
import { TIME } from "../core/row.js";
import { DECISIONS } from "../core/vocabulary.js";

/** @typedef {import("../core/store.js").Store} Store */

const PAUSE = 1500; // milliseconds between two things said while playing

/** Keeps the caption and the live region. */
export class Narrator {
  /**
   * @param {{caption: HTMLElement, spoken: HTMLElement, slider: HTMLElement}} elements
   * @param {Store} store
   * @param {import("../core/catalogue.js").Catalogue} catalogue
   * @param {() => number} clock milliseconds
   */
  constructor(elements, store, catalogue, clock = () => performance.now()) {
    this.elements = elements;
    this.store = store;
    this.catalogue = catalogue;
    this.clock = clock;
    this.said = 0; // number of the event said last
    this.saidAt = -PAUSE;
  }

  draw() {
    const { store } = this;
    const seq = store.following ? store.trace.near(store.trace.length + 1, -1, DECISIONS) : store.cursor;
    const row = store.trace.at(seq);
    if (!row) return;
    const words = `${seconds(row[TIME])}. ${this.catalogue.event(store.trace, row)}`;
    if (this.elements.caption.textContent !== words) this.elements.caption.textContent = words;
    this.slide(words);
    if (seq === this.said) return;
    if (store.following && this.clock() - this.saidAt < PAUSE) return;
    this.said = seq;
    this.saidAt = this.clock();
    this.elements.spoken.textContent = words;
  }

  /** @param {string} words */
  slide(words) {
    const { slider } = this.elements;
    slider.setAttribute("aria-valuemax", String(this.store.trace.length));
    slider.setAttribute("aria-valuenow", String(this.store.cursor));
    slider.setAttribute("aria-valuetext", words);
  }
}
