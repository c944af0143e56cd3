// @ts-check
// Which panels are open, and how the timeline is drawn, as a list of words for a link.

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("./panels.js").Panels} Panels */

const TAB = "[data-part=log-tabs] [role=tab]";

/**
 * @param {HTMLElement} desk
 * @param {Panels} panels
 * @param {Store} store
 */
export function arrangement(desk, panels, store) {
  const tab = /** @type {HTMLElement | null} */ (desk.querySelector(`${TAB}[aria-selected=true]:not([data-tab=logs])`));
  return [...panels.names, ...(tab ? [`tab ${tab.dataset.tab}`] : []), ...(store.axis.real ? ["real"] : []),
    ...(store.showHidden ? ["pings"] : [])];
}

/**
 * Arranges the desk so; a link that says nothing of it leaves it as the viewer likes it.
 * @param {HTMLElement} desk
 * @param {Panels} panels
 * @param {Store} store
 * @param {string[]} words
 */
export function arrange(desk, panels, store, words) {
  if (words.length === 0) return;
  panels.only(words);
  for (const tab of /** @type {NodeListOf<HTMLElement>} */ (desk.querySelectorAll(TAB))) {
    if (words.includes(`tab ${tab.dataset.tab}`)) tab.click();
  }
  if (words.includes("real") !== store.axis.real) store.setRealScale(!store.axis.real);
  if (words.includes("pings") !== store.showHidden) store.setShowHidden(!store.showHidden);
}
