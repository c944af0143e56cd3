// @ts-check
// The ticks under a row of the logs: an arrow under an entry, and its words as near to it as is in
// view.

import { h } from "./dom.js";

const LETTER = 5.8; // width of a letter, at most
const NEAR = 12; // of an entry that is in view, at least
const GAP = 8; // between words

/**
 * @param {{x: number, words: string}[]} ticks where their entries begin
 * @param {{left: number, right: number, zoom: number}} view the part of the row that is seen
 * @param {boolean} tight whether there is no room for words
 * @param {number} column width of an entry
 * @returns {HTMLElement[]}
 */
export function tickMarks(ticks, { left, right, zoom }, tight, column) {
  let free = left;
  return ticks.sort((a, b) => a.x - b.x).flatMap(({ x, words }) => {
    if (x + column - NEAR < left || x > right - NEAR) return [];
    const wide = words.length * LETTER;
    const start = Math.max(free, Math.min(x, right - wide));
    free = start + wide + GAP;
    const arrow = mark("arrow", (Math.max(x, left) + 3) * zoom, "▴");
    return tight ? [arrow] : [arrow, mark("tick", start * zoom, words)];
  });
}

/**
 * @param {string} name
 * @param {number} left
 * @param {string} words
 */
function mark(name, left, words) {
  const made = h("span", { class: name, "aria-hidden": "true" }, words);
  made.style.left = `${left}px`;
  return made;
}
