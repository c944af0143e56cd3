// @ts-check
// The list of what can happen next: packets on their way, timers that run.

import { duration } from "../core/axis.js";
import { plateOf } from "../core/family.js";
import { pending } from "../core/pending.js";
import { baseName } from "../core/timers.js";
import { h } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */
/** @typedef {import("../core/pending.js").Pending} Pending */

const MOST = 8;
const PACE = 300; // milliseconds between two drawings while time passes

/** Keeps the list. */
export class NextList {
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
    this.drawn = -PACE;
    this.shown = "";
    element.addEventListener("click", (e) => this.pick(e.target));
  }

  /** @param {EventTarget | null} target */
  pick(target) {
    const button = target instanceof HTMLElement ? target.closest("button") : null;
    if (!button) return;
    if (Number(button.dataset.seq) > 0) this.store.select(Number(button.dataset.seq));
    else this.store.selectServer(Number(button.dataset.server));
  }

  draw() {
    const moving = this.store.following && this.store.head.playing;
    if (moving && (this.clock() - this.drawn < PACE || this.element.contains(document.activeElement))) return;
    const all = pending(this.store);
    const key = JSON.stringify([all.slice(0, MOST), all.length, this.store.now]);
    if (key === this.shown) return;
    this.shown = key;
    this.drawn = this.clock();
    this.element.replaceChildren(...this.items(all));
  }

  /** @param {Pending[]} all */
  items(all) {
    if (all.length === 0) return [h("li", { class: "hint" }, this.catalogue.ui("next.nothing"))];
    const items = all.slice(0, MOST).map((p) => this.item(p));
    if (all.length > MOST) items.push(h("li", { class: "hint" }, this.catalogue.ui("links.more", { n: all.length - MOST })));
    return items;
  }

  /** @param {Pending} p */
  item(p) {
    const why = p.hindered && this.catalogue.ui(`next.${p.hindered}`, { ahead: p.ahead, id: p.to, from: p.from });
    const words = p.kind === "packet" ? this.packet(p) : this.timer(p);
    const button = h("button", { type: "button", class: "next-item", "data-seq": p.seq || undefined,
      "data-server": p.seq ? undefined : p.from }, words);
    if (why) button.append(" ", h("span", { class: "why-not" }, why));
    return h("li", { class: why ? "hindered" : undefined }, button);
  }

  /** @param {Pending} p */
  packet(p) {
    const row = this.store.trace.at(p.seq);
    const name = row ? plateOf(this.store.trace.vocabulary, row) : "";
    return this.catalogue.ui("next.packet", { name, from: p.from, to: p.to, since: duration(Math.max(0, this.store.now - p.at)) });
  }

  /** @param {Pending} p */
  timer(p) {
    return this.catalogue.ui("next.timer", { id: p.from, name: baseName(p.name), left: duration(Math.max(0, p.at - this.store.now)) });
  }
}
