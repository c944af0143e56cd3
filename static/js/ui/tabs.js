// @ts-check
// Tabs: one tab stop, arrows move along them.

import { BOTH, rove } from "./roving.js";

/**
 * Makes the tabs of a list work.
 * @param {HTMLElement} list of elements with the role tab
 * @param {() => void} changed
 */
export function bindTabs(list, changed) {
  const tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=tab]")]);
  const show = (/** @type {HTMLElement} */ tab) => {
    for (const t of tabs) {
      t.setAttribute("aria-selected", String(t === tab));
      t.setAttribute("tabindex", t === tab ? "0" : "-1");
      const panel = document.getElementById(t.getAttribute("aria-controls") ?? "");
      if (panel) panel.hidden = t !== tab;
    }
    changed();
  };
  rove(list, "[role=tab]", BOTH);
  for (const tab of tabs) {
    tab.addEventListener("click", () => show(tab));
    tab.addEventListener("focus", () => show(tab));
  }
}
