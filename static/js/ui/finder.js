// @ts-check
// Going to an event by its number, by a zxid or by words of its sentence; and to marked moments.

import { find, placeOf } from "../core/search.js";
import { h, part } from "./dom.js";
import { say } from "./said.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */

/** Keeps the row with the search field. */
export class Finder {
  /**
   * @param {HTMLElement} root the transport
   * @param {Store} store
   * @param {Catalogue} catalogue
   * @param {import("../core/bookmarks.js").Bookmarks} marks
   */
  constructor(root, store, catalogue, marks) {
    this.store = store;
    this.catalogue = catalogue;
    this.marks = marks;
    this.form = part(root, "find");
    this.opener = part(root, "find-open");
    this.found = part(root, "found");
    this.list = part(root, "marks");
    this.input = /** @type {HTMLInputElement} */ (this.form.querySelector("input"));
    this.search = 0; // number of the search that runs; a new one ends it
    this.listen(root);
  }

  /** @param {HTMLElement} root */
  listen(root) {
    this.opener.addEventListener("click", () => (this.form.hidden ? this.open() : this.close()));
    part(root, "find-close").addEventListener("click", () => this.close());
    part(root, "find-back").addEventListener("click", () => this.go(-1));
    this.form.addEventListener("submit", (e) => {
      e.preventDefault();
      this.go(1);
    });
    this.input.addEventListener("keydown", (e) => {
      if (e.key !== "Enter" || !e.shiftKey) return;
      e.preventDefault();
      this.go(-1);
    });
    this.list.addEventListener("click", (e) => {
      const seq = e.target instanceof HTMLElement ? Number(e.target.dataset.seq) : 0;
      if (seq > 0) this.store.select(seq);
    });
  }

  open() {
    this.form.hidden = false;
    this.opener.setAttribute("aria-expanded", "true");
    this.listMarks();
    this.input.focus();
    this.input.select();
  }

  /** @returns {boolean} whether it was open */
  close() {
    if (this.form.hidden) return false;
    const inside = this.form.contains(document.activeElement);
    this.form.hidden = true;
    this.search++;
    this.opener.setAttribute("aria-expanded", "false");
    if (inside) this.opener.focus();
    return true;
  }

  /** @param {1 | -1} step */
  async go(step) {
    const words = this.input.value.trim();
    if (!words) return;
    const place = placeOf(this.store, words);
    const seq = place !== 0 ? Math.max(0, place) : await this.look(words, step);
    if (seq < 0) return;
    if (seq === 0) {
      const key = place === 0 ? "find.nothing" : "find.no-place";
      say(this.found, this.catalogue.ui(key, { words, n: this.store.trace.length }), true);
      return;
    }
    say(this.found, this.catalogue.ui("find.at", { seq }));
    this.store.select(seq);
  }

  /**
   * @param {string} words
   * @param {1 | -1} step
   * @returns {Promise<number>} 0 for nothing, -1 if another search has begun
   */
  async look(words, step) {
    const search = ++this.search;
    const pause = async () => {
      await new Promise((go) => setTimeout(go));
      return search === this.search;
    };
    const { store, catalogue } = this;
    const how = { step, pause };
    const from = store.following && step > 0 ? 0 : store.cursor;
    const seq = await find(store, catalogue, words, { ...how, from });
    if (search !== this.search) return -1;
    return seq || find(store, catalogue, words, { ...how, from: step > 0 ? 0 : store.trace.length + 1 });
  }

  listMarks() {
    const seqs = this.marks.sorted().filter((seq) => seq <= this.store.trace.length);
    this.list.replaceChildren(...seqs.map((seq) => h("button", { type: "button", class: "button small", "data-seq": seq },
      this.catalogue.ui("find.mark", { seq }))));
  }
}
