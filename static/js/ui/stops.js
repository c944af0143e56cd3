// @ts-check
// The list of moments at which the head shall stand: in protocol words, as many as one likes.

import { h } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */

/** The moments by their names in the room's protocol, in the order in which a run comes to them. */
const STOPS = ["vote", "elected", "epoch", "DIFF", "TRUNC", "SNAP", "commit", "quorumLost", "violation", "nothing"];

/** Keeps the list. What one viewer ticks is ticked for everybody in the room. */
export class Stops {
  /**
   * @param {HTMLElement} element
   * @param {Store} store
   * @param {Catalogue} catalogue
   * @param {(command: import("../core/socket.js").Command) => void} ask
   */
  constructor(element, store, catalogue, ask) {
    this.store = store;
    this.boxes = STOPS.map((name) => {
      const box = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", value: name }));
      element.append(h("label", { class: "check" }, box, catalogue.ui(`stop.${name}`)));
      return box;
    });
    element.addEventListener("change", () =>
      ask({ head: ["stop", ...this.boxes.filter((b) => b.checked).map((b) => b.value)].join(" ") }));
  }

  draw() {
    const { stops } = this.store.head;
    for (const box of this.boxes) box.checked = stops.includes(box.value);
  }
}
