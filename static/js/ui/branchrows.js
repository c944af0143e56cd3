// @ts-check
// The runs that branch off from one another, as rows under the scrubber: each from its fork on, on the
// scrubber's scale.

import { upperBound } from "../core/columns.js";
import { kinOf, lineOf } from "../core/kin.js";
import { h, part } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */
/** @typedef {import("../core/deeds.js").Deeds} Deeds */
/** @typedef {import("../core/kin.js").Kin} Kin */

/** Keeps the rows. */
export class BranchRows {
  /**
   * @param {HTMLElement} transport
   * @param {Store} store
   * @param {Catalogue} catalogue
   * @param {Deeds} deeds
   */
  constructor(transport, store, catalogue, deeds) {
    this.store = store;
    this.catalogue = catalogue;
    this.deeds = deeds;
    this.transport = transport;
    this.scrubber = part(transport, "scrubber");
    this.list = h("ul", { class: "branch-list" });
    this.element = h("nav", { class: "branches", "data-part": "branches", "aria-label": catalogue.ui("branch.list") }, this.list);
    this.element.hidden = true;
    this.shown = "";
    /** @type {{bar: HTMLElement, kin: Kin}[]} */
    this.bars = [];
    transport.append(this.element);
  }

  get here() {
    return this.deeds.header.room ?? "";
  }

  draw() {
    const { family } = this.deeds;
    const key = JSON.stringify(family);
    if (key !== this.shown) {
      this.shown = key;
      this.fill();
    }
    if (!this.element.hidden) this.place();
  }

  fill() {
    const kin = kinOf(this.deeds.family, this.here);
    this.element.hidden = kin.length < 2;
    this.bars = kin.map((k) => ({ kin: k, bar: h("span", { class: "branch-bar", "aria-hidden": "true" }) }));
    const focused = document.activeElement instanceof HTMLAnchorElement && this.element.contains(document.activeElement)
      ? document.activeElement.getAttribute("href") : null;
    this.list.replaceChildren(...this.bars.map(({ kin: k, bar }) => this.row(k, bar)));
    if (focused) /** @type {HTMLElement | null} */ (this.list.querySelector(`[href="${focused}"]`))?.focus();
    this.list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  /**
   * @param {Kin} kin
   * @param {HTMLElement} bar
   */
  row(kin, bar) {
    const current = kin.id === this.here;
    const link = h("a", { class: "branch-link", href: `/runs/${kin.id}`, "aria-current": current ? "page" : undefined },
      this.nameOf(kin));
    link.style.marginInlineStart = `${Math.min(kin.depth, 6) * 10}px`;
    const compare = current ? [] : [h("a", { class: "branch-compare", href: `/compare?a=${this.here}&b=${kin.id}`,
      "aria-label": this.catalogue.ui("branch.compare.with", { name: this.nameOf(kin) }) }, this.catalogue.ui("branch.compare"))];
    return h("li", { class: current ? "branch current" : "branch" }, link, ...compare, bar);
  }

  /** @param {Kin} kin */
  nameOf({ from, deed, after = 0 }) {
    if (!from) return this.catalogue.ui("branch.main");
    return this.catalogue.ui("branch.name", { seq: after, line: deed ? lineOf(deed) : "" });
  }

  /** Puts the bars under the scrubber. */
  place() {
    const { data, length } = this.store.shown;
    const own = this.element.getBoundingClientRect();
    const scale = this.scrubber.getBoundingClientRect();
    for (const { bar, kin } of this.bars) {
      const share = kin.from ? upperBound(data, length, Math.min(kin.id === this.here ? kin.after ?? 0 : kin.common,
        this.store.trace.length)) / Math.max(1, length) : 0;
      bar.style.insetInlineStart = `${scale.left - own.left + share * scale.width}px`;
      bar.style.width = `${Math.max(6, (1 - share) * scale.width)}px`;
    }
  }
}
