// @ts-check
// Colours for canvases, read from css/tokens.css, so that a theme is told in one place.

const TOKENS = ["ground", "raised", "sunk", "line", "edge", "ink", "second", "faint", "action",
  "on-action", "leading", "following", "electing", "syncing", "down", "fault", "good", "bad", "band-a",
  "band-b", "lane", "committed"];

/** @typedef {Object<string, string>} Palette colours by token name */

/**
 * Reads the colours that hold at an element now.
 * @param {Element} element
 * @returns {Palette}
 */
export function readPalette(element) {
  const style = getComputedStyle(element);
  /** @type {Palette} */
  const palette = {};
  for (const token of TOKENS) palette[token] = style.getPropertyValue(`--${token}`).trim();
  palette.sans = style.getPropertyValue("--sans");
  palette.mono = style.getPropertyValue("--mono");
  return palette;
}

/**
 * Calls back when the theme changes, by choice or with the system.
 * @param {() => void} changed
 */
export function onTheme(changed) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  new MutationObserver(changed).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-theme"],
  });
}
