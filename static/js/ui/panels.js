// @ts-check
// Panels: which are shown, and how large they are. Both are kept for the next visit.

import { h } from "./dom.js";

const KEY = "zabscope.panels";
const LEAST = 2; // panels that stay

/**
 * A border between two panels: the size it sets, in px of the desk or in % of its row or column.
 * @typedef {{property: string, unit: "px" | "%", usual: number, least: number, most: number,
 *   across: boolean, far: boolean}} Split
 */

/** @type {Object<string, Split>} */
const splits = {
  do: { property: "--do", unit: "px", usual: 290, least: 230, most: 460, across: true, far: false },
  inspector: { property: "--inspector", unit: "px", usual: 320, least: 260, most: 560, across: true, far: true },
  ensemble: { property: "--ensemble", unit: "%", usual: 46, least: 20, most: 80, across: true, far: false },
  pictures: { property: "--pictures", unit: "%", usual: 45, least: 20, most: 80, across: false, far: false },
};

/** Keeps the borders and the panels that are put away. */
export class Panels {
  /**
   * @param {HTMLElement} desk
   * @param {HTMLElement} chips where the names of panels stand that are put away
   * @param {(panel: string) => string} word what bringing a panel back is called
   * @param {{changed: () => void, servers: number}} means servers is how many there are: a large ring
   *   needs room
   */
  constructor(desk, chips, word, { changed, servers }) {
    this.desk = desk;
    this.chips = chips;
    this.word = word;
    this.changed = changed;
    this.usual = { ensemble: servers > 5 ? 58 : splits.ensemble.usual };
    /** @type {{sizes: Object<string, number>, hidden: string[]}} */
    this.kept = { sizes: {}, hidden: [], ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
    this.panels = /** @type {HTMLElement[]} */ ([...desk.querySelectorAll("[data-panel]")]);
    for (const element of desk.querySelectorAll("[data-split]")) this.bind(/** @type {HTMLElement} */ (element));
    for (const button of desk.querySelectorAll("[data-hide]")) {
      const name = /** @type {HTMLElement} */ (button).dataset.hide ?? "";
      button.addEventListener("click", () => this.hide(name));
    }
    this.apply();
  }

  /** @param {HTMLElement} element */
  bind(element) {
    const name = element.dataset.split ?? "";
    element.addEventListener("pointerdown", (e) => element.setPointerCapture(e.pointerId));
    element.addEventListener("pointermove", (e) => {
      if (element.hasPointerCapture(e.pointerId)) this.resize(name, this.under(element, e));
    });
    element.addEventListener("dblclick", () => this.resize(name, this.usualSize(name)));
    element.addEventListener("keydown", (e) => {
      const step = stepOf(splits[name], e.key);
      if (step === 0) return;
      e.preventDefault();
      this.resize(name, this.size(name) + step);
    });
  }

  /**
   * The size that puts a border under the pointer.
   * @param {HTMLElement} element
   * @param {PointerEvent} e
   */
  under(element, e) {
    const { unit, across, far } = splits[element.dataset.split ?? ""];
    const box = (element.parentElement ?? this.desk).getBoundingClientRect();
    const place = across ? e.clientX - box.left : e.clientY - box.top;
    const whole = across ? box.width : box.height;
    const size = far ? whole - place : place;
    return unit === "px" ? size : (size / whole) * 100;
  }

  /** @param {string} name */
  usualSize(name) {
    return name === "ensemble" ? this.usual.ensemble : splits[name].usual;
  }

  /** @param {string} name */
  size(name) {
    return this.kept.sizes[name] ?? this.usualSize(name);
  }

  /**
   * @param {string} name
   * @param {number} size
   */
  resize(name, size) {
    const { least, most } = splits[name];
    this.kept.sizes[name] = Math.round(Math.max(least, Math.min(most, size)));
    this.keep();
  }

  /** @param {string} name */
  hide(name) {
    if (this.panels.length - this.kept.hidden.length <= LEAST) return;
    this.kept.hidden.push(name);
    this.keep();
    /** @type {HTMLElement | null} */ (this.chips.lastElementChild)?.focus();
  }

  /** The names of the panels that are shown. */
  get names() {
    return this.panels.map((p) => p.dataset.panel ?? "").filter((name) => !this.kept.hidden.includes(name));
  }

  /**
   * Shows some panels and no others, for this visit.
   * @param {string[]} names
   */
  only(names) {
    const all = this.panels.map((p) => p.dataset.panel ?? "");
    if (all.filter((name) => names.includes(name)).length < LEAST) return;
    this.kept.hidden = all.filter((name) => !names.includes(name));
    this.apply();
    this.changed();
  }

  /** @param {string} name */
  show(name) {
    if (!this.kept.hidden.includes(name)) return;
    this.kept.hidden = this.kept.hidden.filter((n) => n !== name);
    this.keep();
  }

  keep() {
    localStorage.setItem(KEY, JSON.stringify(this.kept));
    this.apply();
    this.changed();
  }

  apply() {
    for (const [name, { property, unit, least, most }] of Object.entries(splits)) {
      this.desk.style.setProperty(property, `${this.size(name)}${unit}`);
      if (unit === "%") this.desk.style.setProperty(`${property}-share`, String(this.size(name) / 100));
      const share = ((this.size(name) - least) / (most - least)) * 100;
      this.desk.querySelector(`[data-split="${name}"]`)?.setAttribute("aria-valuenow", String(Math.round(share)));
    }
    const { hidden } = this.kept;
    for (const panel of this.panels) panel.classList.toggle("away", hidden.includes(panel.dataset.panel ?? ""));
    this.desk.dataset.away = hidden.join(" ");
    const last = this.panels.length - hidden.length <= LEAST;
    for (const button of this.desk.querySelectorAll("[data-hide]")) button.setAttribute("aria-disabled", String(last));
    this.chips.replaceChildren(...hidden.map((name) => this.chip(name)));
  }

  /** @param {string} name */
  chip(name) {
    const chip = h("button", { type: "button", class: "button small" }, this.word(name));
    chip.addEventListener("click", () => this.show(name));
    return chip;
  }
}

/**
 * How far a key moves a border.
 * @param {Split} split
 * @param {string} key
 */
function stepOf({ unit, across, far }, key) {
  const [more, less] = across ? ["ArrowRight", "ArrowLeft"] : ["ArrowDown", "ArrowUp"];
  const by = (unit === "px" ? 16 : 2) * (far ? -1 : 1);
  return key === more ? by : key === less ? -by : 0;
}
