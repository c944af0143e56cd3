// @ts-check
// The events around the cursor as a list, for those who do not see the timeline.

import { seconds } from "../core/axis.js";
import { TIME } from "../core/row.js";
import { h } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */

const AROUND = 12; // events on either side of the cursor
const PACE = 1000; // milliseconds between two lists while the run plays

/** Keeps the options of the timeline's listbox. */
export class EventList {
  /**
   * @param {HTMLElement} box the listbox
   * @param {HTMLElement} list where its options stand
   * @param {Store} store
   * @param {Catalogue} catalogue
   * @param {(step: 1 | -1) => void} moveLane selects an event of the next lane
   * @param {() => number} clock milliseconds
   */
  constructor(box, list, store, catalogue, moveLane, clock = () => performance.now()) {
    this.box = box;
    this.list = list;
    this.store = store;
    this.catalogue = catalogue;
    this.clock = clock;
    this.drawn = -PACE;
    this.shown = -1;
    box.addEventListener("keydown", (e) => {
      const step = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : 0;
      if (step === 0 || e.ctrlKey || e.altKey || e.metaKey) return;
      e.preventDefault();
      moveLane(step);
    });
    list.addEventListener("click", (e) => {
      const seq = e.target instanceof HTMLElement ? Number(e.target.dataset.seq) : 0;
      if (seq > 0) store.select(seq);
    });
  }

  draw() {
    const { store } = this;
    if (store.cursor === this.shown) return;
    if (store.following && this.clock() - this.drawn < PACE) return;
    this.shown = store.cursor;
    this.drawn = this.clock();
    const here = store.shownSoFar - 1;
    const { data, length } = store.shown;
    const options = [];
    for (let i = Math.max(0, here - AROUND); i < Math.min(length, here + AROUND + 1); i++) {
      options.push(this.option(data[i], i === here));
    }
    this.list.replaceChildren(...options);
    if (here >= 0) this.box.setAttribute("aria-activedescendant", `event-${data[here]}`);
  }

  /**
   * @param {number} seq
   * @param {boolean} selected
   */
  option(seq, selected) {
    const row = this.store.trace.at(seq);
    const words = row ? `${seconds(row[TIME])}. ${this.catalogue.event(this.store.trace, row)}` : "";
    return h("div", { role: "option", id: `event-${seq}`, "aria-selected": String(selected), "data-seq": seq }, words);
  }
}
