// @ts-check
// Strips at the top: the connection is lost, the viewer is behind, a rule is broken.

import { KIND, ARGS, text } from "../core/row.js";
import { h, write } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */

/** Keeps the strip about the connection. */
export class ConnectionStrip {
  /**
   * @param {HTMLElement} element
   * @param {Catalogue} catalogue
   * @param {() => void} retry
   */
  constructor(element, catalogue, retry) {
    this.element = element;
    this.catalogue = catalogue;
    this.words = h("span");
    this.left = h("span", { "aria-hidden": "true" });
    this.button = h("button", { type: "button", class: "button small" }, catalogue.ui("strip.retry"));
    this.button.addEventListener("click", retry);
    this.timer = 0;
  }

  /**
   * @param {number} last number of the last event seen
   * @param {number} retryIn milliseconds
   * @param {string} reason
   */
  lost(last, retryIn, reason) {
    write(this.words, this.catalogue.ui("strip.lost", { reason, last }));
    this.element.replaceChildren(this.words, " ", this.left, " ", this.button);
    this.element.hidden = false;
    const until = performance.now() + retryIn;
    const count = () => write(this.left, this.catalogue.ui("strip.again", {
      seconds: (Math.max(0, until - performance.now()) / 1000).toFixed(1) }));
    clearInterval(this.timer);
    this.timer = setInterval(count, 200);
    count();
  }

  up() {
    clearInterval(this.timer);
    this.element.hidden = true;
  }

  /**
   * @param {{behind: number, most: number}} slow
   * @param {() => void} jump
   */
  slow({ behind, most }, jump) {
    const button = h("button", { type: "button", class: "button small" }, this.catalogue.ui("strip.jump"));
    button.addEventListener("click", () => {
      this.element.hidden = true;
      jump();
    });
    this.element.replaceChildren(this.catalogue.ui("strip.slow", { behind, most }), " ", button);
    this.element.hidden = false;
    clearInterval(this.timer);
    this.timer = setTimeout(() => (this.element.hidden = true), 4000);
  }
}

/** Keeps the strip about a rule that does not hold. */
export class ViolationStrip {
  /**
   * @param {HTMLElement} element
   * @param {HTMLElement} alert for those who listen
   * @param {Store} store
   * @param {Catalogue} catalogue
   */
  constructor(element, alert, store, catalogue) {
    this.element = element;
    this.alert = alert;
    this.store = store;
    this.catalogue = catalogue;
    this.kind = store.trace.vocabulary.kind("check.violated");
    this.looked = 0;
    element.addEventListener("click", (e) => {
      const seq = e.target instanceof HTMLElement ? Number(e.target.dataset.seq) : 0;
      if (seq > 0) store.select(seq);
    });
  }

  draw() {
    const { kind, length } = this.store.trace;
    for (; this.looked < length; this.looked++) {
      if (kind.data[this.looked] === this.kind) this.show(this.looked + 1);
    }
  }

  /** @param {number} seq */
  show(seq) {
    const row = this.store.trace.at(seq);
    if (!row) return;
    const names = this.store.trace.vocabulary.kinds[row[KIND]].args;
    const given = Object.fromEntries(names.map((name, i) => [name, text(row[ARGS][i])]));
    const words = this.catalogue.ui("strip.violated", given);
    this.element.replaceChildren(h("strong", {}, words), " ",
      h("button", { type: "button", class: "go", "data-seq": seq }, this.catalogue.ui("strip.show", { seq })));
    this.element.hidden = false;
    this.alert.textContent = words;
  }
}
