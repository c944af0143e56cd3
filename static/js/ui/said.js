// @ts-check
// What came of a command, said beside the field it came from.

import { write } from "./dom.js";

/** @typedef {import("../core/socket.js").Answer} Answer */

/**
 * Says it, in view.
 * @param {HTMLElement} element
 * @param {string} words
 * @param {boolean} [bad]
 */
export function say(element, words, bad = false) {
  write(element, words);
  element.classList.toggle("bad", bad);
  if (words && !element.classList.contains("spoken")) element.scrollIntoView({ block: "nearest" });
}

/**
 * A new command begins: what came of those before is taken back, and the panel introduces itself no more.
 * @param {Element} inside something in the panel of commands
 */
export function begin(inside) {
  const panel = inside.closest("[data-part=do]");
  panel?.classList.add("begun");
  for (const said of panel?.querySelectorAll(".said") ?? []) {
    said.textContent = "";
    said.classList.remove("bad");
  }
}
