// @ts-check
// Small switches around the pictures: scale, pings, zoom, back to now, and the picture of a narrow
// screen.

import { part, write } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */

/**
 * Makes the switches work.
 * @param {HTMLElement} desk
 * @param {Store} store
 * @param {import("./timeline.js").Timeline} timeline
 * @param {import("../core/catalogue.js").Catalogue} catalogue
 * @returns {{draw: () => void}}
 */
export function bindTools(desk, store, timeline, catalogue) {
  const live = part(desk, "live");
  const scale = part(desk, "scale");
  const pings = part(desk, "pings");
  live.addEventListener("click", () => store.follow());
  scale.addEventListener("click", () => store.setRealScale(!store.axis.real));
  pings.addEventListener("click", () => store.setShowHidden(!store.showHidden));
  desk.querySelector('[data-zoom="in"]')?.addEventListener("click", () => timeline.zoomBy(1.5));
  desk.querySelector('[data-zoom="out"]')?.addEventListener("click", () => timeline.zoomBy(1 / 1.5));
  bindViews(desk, store);
  bindSheet(desk, store);
  return {
    draw() {
      for (const b of part(desk, "sheet").querySelectorAll("[data-sheet]")) {
        b.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (b).dataset.sheet === desk.dataset.sheet));
      }
      live.hidden = store.following;
      write(scale, catalogue.ui(store.axis.real ? "timeline.real" : "timeline.even"));
      pings.setAttribute("aria-pressed", String(store.showHidden));
    },
  };
}

/**
 * @param {HTMLElement} desk
 * @param {Store} store
 */
function bindViews(desk, store) {
  const buttons = [...part(desk, "views").querySelectorAll("button")];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      desk.dataset.view = button.dataset.view;
      for (const b of buttons) b.setAttribute("aria-pressed", String(b === button));
      store.changed();
    });
  }
}

const HEIGHTS = ["half", "tall", "low"];

/**
 * What stands below the picture on a narrow screen, in three heights.
 * @param {HTMLElement} desk
 * @param {Store} store
 */
function bindSheet(desk, store) {
  for (const button of part(desk, "sheet").querySelectorAll("[data-sheet]")) {
    button.addEventListener("click", () => {
      desk.dataset.sheet = /** @type {HTMLElement} */ (button).dataset.sheet;
      store.changed();
    });
  }
  part(desk, "sheet-size").addEventListener("click", () => {
    desk.dataset.height = HEIGHTS[(HEIGHTS.indexOf(desk.dataset.height ?? "") + 1) % HEIGHTS.length];
    store.changed();
  });
}
