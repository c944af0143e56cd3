// @ts-check
// The caption: what happened last, as one sentence; and the same for those who listen.

import { seconds } from "../core/axis.js";
import { digest } from "../core/digest.js";
import { serverIds } from "../core/quorum.js";
import { TIME, text } from "../core/row.js";
import { DECISIONS } from "../core/vocabulary.js";
import { write } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */

const LONG = 150; // letters of a sentence that would take more than two lines
const PAUSE = 1500; // milliseconds between two things said while playing

/** Keeps the caption and the live region. */
export class Narrator {
  /**
   * @param {{caption: HTMLElement, spoken: HTMLElement, slider?: HTMLElement, sentence?: HTMLElement,
   *   clocks?: HTMLElement[], line?: HTMLElement}} elements clocks say the moment
   *   looked at, line is the caption of a narrow screen
   * @param {Store} store
   * @param {import("../core/catalogue.js").Catalogue} catalogue
   * @param {() => number} clock milliseconds
   */
  constructor(elements, store, catalogue, clock = () => performance.now()) {
    this.elements = elements;
    this.store = store;
    this.catalogue = catalogue;
    this.clock = clock;
    this.depth = DECISIONS; // how closely those who listen look
    this.said = 0; // number of the event said last
    this.saidAt = -PAUSE;
    this.last = ""; // what was said last
  }

  draw() {
    const { store } = this;
    for (const clock of this.elements.clocks ?? []) write(clock, seconds(store.now));
    const seq = store.following ? store.trace.near(store.trace.length + 1, -1, DECISIONS) : store.cursor;
    const row = store.trace.at(seq);
    if (!row) return;
    const words = `${seconds(row[TIME])}. ${this.catalogue.event(store.trace, row)}`;
    write(this.elements.caption, words);
    if (this.elements.line) write(this.elements.line, words);
    if (this.elements.sentence) this.present(this.elements.sentence, this.catalogue.event(store.trace, row));
    this.slide(words);
    if (store.following) this.tell();
    else if (seq !== this.said) this.speak(words, seq);
  }

  /**
   * Shows a sentence to an audience, a long one in smaller letters.
   * @param {HTMLElement} element
   * @param {string} words
   */
  present(element, words) {
    write(element, words);
    element.classList.toggle("long", words.length > LONG);
  }

  /** Says what has happened since the last time, as one message. */
  tell() {
    if (this.clock() - this.saidAt < PAUSE) return;
    const { words, last } = digest(this.store, this.catalogue, { after: Math.min(this.said, this.store.trace.length), depth: this.depth });
    if (last > 0) this.speak(words, last);
  }

  /**
   * @param {string} words
   * @param {number} seq of the last event told
   */
  speak(words, seq) {
    this.said = seq;
    this.saidAt = this.clock();
    this.last = words;
    this.elements.spoken.textContent = words;
  }

  /** Says again what was said last. */
  repeat() {
    const { spoken } = this.elements;
    spoken.textContent = "";
    requestAnimationFrame(() => (spoken.textContent = this.last));
  }

  /** Says how all servers are, a sentence each. */
  states() {
    const { store } = this;
    const { roles } = store.lanes;
    const all = serverIds(store).map((id) => this.catalogue.ui("state.server", {
      id, word: roles.word(store.world, id), epoch: text(store.world.scalar(id, roles.epoch)),
      zxid: text(store.world.scalar(id, roles.zxid)),
    }));
    this.elements.spoken.textContent = all.join(" ");
  }

  /** @param {string} words */
  slide(words) {
    const { slider } = this.elements;
    if (!slider) return;
    slider.setAttribute("aria-valuemax", String(this.store.trace.length));
    slider.setAttribute("aria-valuenow", String(this.store.cursor));
    slider.setAttribute("aria-valuetext", words);
  }
}
