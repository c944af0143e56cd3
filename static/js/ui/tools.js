// @ts-check
// Small switches around the pictures: scale, pings, zoom, back to now, and the picture of a narrow
// screen.

import { part } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */

/**
 * Makes the switches work.
 * @param {HTMLElement} desk
 * @param {Store} store
 * @param {import("./timeline.js").Timeline} timeline
 * @returns {{draw: () => void}}
 */
export function bindTools(desk, store, timeline) {
  const live = part(desk, "live");
  const scale = part(desk, "scale");
  const pings = part(desk, "pings");
  live.addEventListener("click", () => store.follow());
  scale.addEventListener("click", () => store.setRealScale(!store.axis.real));
  pings.addEventListener("click", () => store.setShowHidden(!store.showHidden));
  desk.querySelector('[data-zoom="in"]')?.addEventListener("click", () => timeline.zoomBy(1.5));
  desk.querySelector('[data-zoom="out"]')?.addEventListener("click", () => timeline.zoomBy(1 / 1.5));
  bindViews(desk, store);
  return {
    draw() {
      live.hidden = store.following;
      scale.setAttribute("aria-pressed", String(store.axis.real));
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
