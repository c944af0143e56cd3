// @ts-check
// Why an event happened: its causes back to the root, cut down to what a person reads in one go.

import { DECISIONS } from "./vocabulary.js";

/** @typedef {import("./trace.js").Trace} Trace */

const REACH = 5000; // causes looked at; a clock that ticks for hours has as many

/**
 * The decisions that led to an event, nearest first, and last the root from which all of it began.
 * Deliveries and other steps in between are left out.
 * @param {Trace} trace
 * @param {number} seq
 * @param {number} most how many are listed
 * @returns {{chain: number[], more: number}} numbers of events; how many decisions before the root
 *   are left out
 */
export function why(trace, seq, most) {
  const causes = trace.causes(seq, REACH);
  const root = causes.at(-1) ?? 0;
  const decisions = causes.filter((c) => c !== root && trace.depth.data[c - 1] <= DECISIONS);
  const chain = decisions.slice(0, most - 1);
  if (root > 0) chain.push(root);
  return { chain, more: Math.max(0, decisions.length - (most - 1)) };
}
