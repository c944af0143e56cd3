// @ts-check
// The inspector: the event looked at and why it happened or, with none selected, the server nearest
// the cursor.

import { NODE } from "../core/row.js";
import { DECISIONS, FIRST_CLIENT, WORLD } from "../core/vocabulary.js";
import { h } from "./dom.js";
import { EventView } from "./eventview.js";
import { ServerView } from "./serverview.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */

const PACE = 250; // milliseconds between two drawings of a state that changes all the time

/** Keeps the panel that explains. */
export class Inspector {
  /**
   * @param {HTMLElement} element
   * @param {Store} store
   * @param {Catalogue} catalogue
   * @param {() => number} clock milliseconds
   */
  constructor(element, store, catalogue, clock = () => performance.now()) {
    this.element = element;
    this.store = store;
    this.catalogue = catalogue;
    this.clock = clock;
    this.events = new EventView(store, catalogue);
    this.servers = new ServerView(store, catalogue);
    this.shown = "";
    this.drawn = -PACE;
    element.addEventListener("click", (e) => {
      const link = e.target instanceof HTMLElement ? e.target.closest("[data-seq]") : null;
      if (link instanceof HTMLElement) store.select(Number(link.dataset.seq));
    });
  }

  draw() {
    const { store } = this;
    const key = this.key();
    if (key === this.shown) return;
    const moving = store.following && store.head.playing;
    if (moving && (this.holdsFocus() || this.clock() - this.drawn < PACE)) return;
    this.shown = key;
    this.drawn = this.clock();
    this.element.replaceChildren(...this.parts());
    if (!moving) this.element.parentElement?.scrollTo(0, 0);
  }

  /** What is shown depends on this and nothing else. */
  key() {
    const { store } = this;
    if (store.looking === "event") return `event ${store.cursor} ${store.trace.effects(store.cursor).length}`;
    return `server ${store.server} ${store.cursor} ${store.following && store.head.playing ? "" : store.now}`;
  }

  holdsFocus() {
    return this.element !== document.activeElement && this.element.contains(document.activeElement);
  }

  /** @returns {Node[]} */
  parts() {
    const { store } = this;
    const row = store.event;
    if (!row) return [h("p", {}, this.catalogue.ui("event.none"))];
    if (store.looking === "event") return this.events.parts(row);
    return [...this.latest(), ...this.servers.parts(store.server || this.nearest())];
  }

  /** The decision before the cursor, to follow. */
  latest() {
    const seq = this.decision();
    if (seq === 0 || this.store.server > 0) return [];
    return [h("h3", {}, this.catalogue.ui("server.latest")), this.events.link(seq)];
  }

  /** The number of the last decision up to the cursor, 0 if there is none. */
  decision() {
    return this.store.trace.near(this.store.cursor + 1, -1, DECISIONS);
  }

  /** The server at which something was decided last. */
  nearest() {
    for (let seq = this.decision(); seq > 0; seq = this.store.trace.near(seq, -1, DECISIONS)) {
      const id = this.store.trace.at(seq)?.[NODE] ?? WORLD;
      if (id !== WORLD && id < FIRST_CLIENT) return id;
    }
    return 1;
  }
}
