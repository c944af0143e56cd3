// @ts-check
// What came of a command, said beside the field it came from.

import { write } from "./dom.js";

/** @typedef {import("../core/socket.js").Answer} Answer */

/**
 * @param {HTMLElement} element
 * @param {string} words
 * @param {boolean} [bad]
 */
export function say(element, words, bad = false) {
  write(element, words);
  element.classList.toggle("bad", bad);
}
