// @ts-check
// The list of what can happen next: packets on their way, timers that run. While the head stands it is
// all that may happen, and picking one makes just that happen.

import { duration } from "../core/axis.js";
import { plateOf } from "../core/family.js";
import { pending } from "../core/pending.js";
import { baseName } from "../core/timers.js";
import { shortName } from "../core/vocabulary.js";
import { h } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */
/** @typedef {import("../core/pending.js").Pending} Pending */
/** @typedef {import("../core/deeds.js").Choice} Choice */

const MOST = 8;
const PACE = 300; // milliseconds between two drawings while time passes
const ORDER = ["packet", "connection", "disk", "timer"];

/** Keeps the list. */
export class NextList {
  /**
   * @param {HTMLElement} element
   * @param {Store} store
   * @param {Catalogue} catalogue
   * @param {{deeds: import("../core/deeds.js").Deeds, run: (line: string) => void}} hand
   * @param {() => number} clock milliseconds
   */
  constructor(element, store, catalogue, hand, clock = () => performance.now()) {
    this.element = element;
    this.store = store;
    this.catalogue = catalogue;
    this.hand = hand;
    this.clock = clock;
    this.drawn = -PACE;
    this.shown = "";
    element.addEventListener("click", (e) => this.pick(e.target));
    element.addEventListener("keydown", (e) => this.key(e));
  }

  /** Whether people choose what happens: the head stands, and it is what they look at. */
  get byHand() {
    const { store } = this;
    return !store.head.playing && this.hand.deeds.choices.length > 0 && (store.following || store.cursor === store.trace.length);
  }

  /** @param {EventTarget | null} target */
  pick(target) {
    const button = target instanceof HTMLElement ? target.closest("button") : null;
    if (!button) return;
    if (button.dataset.do && button.getAttribute("aria-disabled") !== "true") this.hand.run(button.dataset.do);
    else if (Number(button.dataset.seq) > 0) this.store.select(Number(button.dataset.seq));
    else this.store.selectServer(Number(button.dataset.server));
  }

  /**
   * Digits pick an item by its number, arrows go from one to the next, Escape leaves the list.
   * @param {KeyboardEvent} e
   */
  key(e) {
    if (e.key === "Escape") {
      e.preventDefault();
      /** @type {HTMLElement | null} */ (document.activeElement)?.blur();
      return;
    }
    const buttons = [...this.element.querySelectorAll("button")];
    const here = buttons.findIndex((b) => b === document.activeElement);
    const step = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : 0;
    const picked = /^[1-9]$/.test(e.key) ? buttons[Number(e.key) - 1] : undefined;
    if (step === 0 && !picked) return;
    e.preventDefault();
    if (picked) this.pick(picked);
    else buttons[here + step]?.focus();
  }

  /** The sending of the packet whose item has the focus, 0 for none. */
  focused() {
    const at = document.activeElement;
    return at instanceof HTMLElement && this.element.contains(at) && at.dataset.kind === "packet" ? Number(at.dataset.seq) : 0;
  }

  draw() {
    const moving = this.store.following && this.store.head.playing;
    if (moving && (this.clock() - this.drawn < PACE || this.element.contains(document.activeElement))) return;
    const all = this.byHand ? [] : pending(this.store);
    const key = JSON.stringify(this.byHand ? [this.hand.deeds.choices, this.store.showHidden] : [all.slice(0, MOST), all.length, this.store.now]);
    if (key === this.shown) return;
    this.shown = key;
    this.drawn = this.clock();
    const before = [...this.element.querySelectorAll("button")];
    const focused = before.findIndex((b) => b === document.activeElement);
    this.element.replaceChildren(...(this.byHand ? this.choices() : this.items(all)));
    if (focused >= 0) this.refocus(before[focused].dataset.do, focused);
  }

  /**
   * Gives the focus back: to the same thing if it may still happen, else to the one in its place.
   * @param {string | undefined} line
   * @param {number} place
   */
  refocus(line, place) {
    const buttons = [...this.element.querySelectorAll("button")];
    (buttons.find((b) => line && b.dataset.do === line) ?? buttons[Math.min(place, buttons.length - 1)])?.focus();
  }

  choices() {
    const { deeds } = this.hand;
    const list = [...deeds.choices].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
    return list.map((c, i) => this.choice(c, i + 1));
  }

  /**
   * @param {Choice} c
   * @param {number} n its place in the list
   */
  choice(c, n) {
    const why = c.ahead ? this.catalogue.ui("next.fifo", { ahead: c.ahead }) : c.why;
    const button = h("button", { type: "button", class: "next-item", "data-do": c.do, "data-kind": c.kind, "data-seq": c.seq,
      "aria-disabled": why ? "true" : undefined, "aria-keyshortcuts": n < 10 ? n : undefined });
    if (n < 10) button.append(h("kbd", { "aria-hidden": "true" }, String(n)));
    const words = h("span", {}, this.worded(c));
    if (why) words.append(h("span", { class: "why-not" }, why));
    button.append(words);
    return h("li", { class: why ? "hindered" : undefined }, button);
  }

  /** @param {Choice} c */
  worded(c) {
    const { catalogue, store } = this;
    const [from, to] = [shortName(c.from), shortName(c.to)];
    switch (c.kind) {
      case "packet":
        return this.packet({ seq: c.seq ?? 0, from, to, at: store.trace.time.data[(c.seq ?? 1) - 1] });
      case "timer":
        return this.timer({ from, name: c.name ?? "", at: c.at });
      case "disk":
        return catalogue.ui("next.disk", { id: from });
    }
    return catalogue.ui("next.connection", { from, to });
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
    const button = h("button", { type: "button", class: "next-item", "data-seq": p.seq || undefined, "data-kind": p.kind,
      "data-server": p.seq ? undefined : p.from }, h("span", {}, words));
    if (why) button.append(" ", h("span", { class: "why-not" }, why));
    return h("li", { class: why ? "hindered" : undefined }, button);
  }

  /** @param {{seq: number, from: number | string, to: number | string, at: number}} p */
  packet(p) {
    const row = this.store.trace.at(p.seq);
    const name = row ? plateOf(this.store.trace.vocabulary, row) : "";
    return this.catalogue.ui("next.packet", { name, from: p.from, to: p.to, since: duration(Math.max(0, this.store.now - p.at)) });
  }

  /** @param {{from: number | string, name: string, at: number}} p */
  timer(p) {
    return this.catalogue.ui("next.timer", { id: p.from, name: baseName(p.name), left: duration(Math.max(0, p.at - this.store.now)) });
  }
}
