// @ts-check
// The panel of keys, beside the picture and not over it, with the switches that go with it.

import { DECISIONS, EVERYTHING, PACKETS } from "../core/vocabulary.js";
import { Aside } from "./aside.js";
import { h } from "./dom.js";
import { lettersOn, switchLetters } from "./keys.js";

/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */
/** @typedef {import("./keys.js").Binding} Binding */

/** Keeps the panel of keys in the inspector's place. */
export class Help extends Aside {
  /**
   * @param {{panel: HTMLElement, instead: HTMLElement, button: HTMLElement}} elements
   * @param {() => void} reveal
   * @param {{catalogue: Catalogue, narrator: import("./narrator.js").Narrator}} means
   */
  constructor(elements, reveal, { catalogue, narrator }) {
    super(elements, reveal);
    this.catalogue = catalogue;
    this.narrator = narrator;
  }

  /** @param {Binding[]} bindings */
  list(bindings) {
    const rows = bindings.map(({ shown, does }) => h("tr", {},
      h("th", { scope: "row" }, ...shown.flatMap((key) => [h("kbd", {}, key), " "])),
      h("td", {}, this.catalogue.ui(`key.${does}`))));
    const close = h("button", { type: "button", class: "button small" }, this.catalogue.ui("help.close"));
    close.addEventListener("click", () => this.toggle(false));
    this.elements.panel.replaceChildren(h("h3", { class: "name" }, this.catalogue.ui("help.keys")),
      this.letters(), this.depths(), h("table", { class: "keys-table" }, h("tbody", {}, ...rows)), close);
  }

  letters() {
    const box = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox" }));
    box.checked = lettersOn();
    box.addEventListener("change", () => switchLetters(box.checked));
    return h("label", { class: "check" }, box, this.catalogue.ui("help.letters"));
  }

  /** How closely those who listen look. */
  depths() {
    const names = [[DECISIONS, "decisions"], [PACKETS, "packets"], [EVERYTHING, "everything"]];
    const select = /** @type {HTMLSelectElement} */ (h("select", {},
      ...names.map(([depth, name]) => h("option", { value: depth }, this.catalogue.ui(`help.${name}`)))));
    select.addEventListener("change", () => (this.narrator.depth = Number(select.value)));
    return h("label", { class: "check" }, this.catalogue.ui("help.depth"), " ", select);
  }
}
