// @ts-check
// What one viewer looks at in a run, in words that fit a link: the event, the selection, the panels.

import { ARGS, CHECKS } from "./row.js";

/** @typedef {import("./store.js").Store} Store */
/**
 * theirs is the version of the engine where the view was taken, check what the events came to there; ""
 * where nobody knows.
 * @typedef {{cursor: number, select: string, panels: string[], check: string, theirs: string}} View
 */

/**
 * What is selected: "server 2", "link 1 2" or nothing; "event" behind it means that the event was
 * selected last.
 * @param {Store} store
 */
export function selection({ server, peer, looking }) {
  const what = peer > 0 ? `link ${server} ${peer}` : server > 0 ? `server ${server}` : "";
  return looking === "event" ? `${what} event`.trim() : what;
}

/**
 * Looks at a run as a view says; what the run does not have is left out.
 * @param {Store} store
 * @param {View} view
 */
export function look(store, { cursor, select }) {
  const [, kind, a, b] = /^(?:(server|link) (\d+)(?: (\d+))?)?/.exec(select) ?? [];
  const known = (/** @type {string | undefined} */ id) => store.trace.header.machines.some((m) => m.id === Number(id));
  store.server = known(a) ? Number(a) : 0;
  store.peer = kind === "link" && known(a) && known(b) ? Number(b) : 0;
  if (cursor > 0) store.select(Math.min(cursor, store.trace.length));
  store.looking = /\bevent$/.test(select) ? "event" : "server";
  store.changed();
}

/**
 * What the events up to one come to: runs that are not the same are all but sure to differ in it.
 * It has 53 bits and takes in all but what states became; of the last event, what it says too.
 * @param {Store} store
 * @param {number} last number of an event
 */
export function checkOf({ trace }, last) {
  const kinds = trace.vocabulary.kinds.map(({ name }) => [...name].reduce((h, c) => mix(h, c.charCodeAt(0)), 0));
  let [a, b] = [0x9e3779b9, 0x85ebca6b];
  const take = (/** @type {number} */ n) => {
    a = mix(a, n);
    b = mix(b ^ a, n);
  };
  for (let i = 0; i < last; i++) {
    const time = trace.time.data[i];
    for (const n of [Math.floor(time / 2 ** 32), time, trace.node.data[i], trace.peer.data[i], trace.cause.data[i]]) take(n);
    take(kinds[trace.kind.data[i]]);
  }
  const row = trace.at(last);
  if (row) for (const c of JSON.stringify([row[ARGS], row[CHECKS].map(([, answer]) => answer)])) take(c.charCodeAt(0));
  return ((a >>> 0) * 2 ** 21 + (b >>> 11)).toString(36);
}

/**
 * @param {number} hash
 * @param {number} n
 */
function mix(hash, n) {
  const h = Math.imul(hash ^ n, 0x9e3779b1);
  return h ^ (h >>> 15);
}

/**
 * Writes a view for behind the "#" of a run's own address.
 * @param {View} view
 */
export function toFragment({ cursor, select, panels, check, theirs }) {
  const all = { event: cursor || "", select, panels: panels.join(","), check, engine: theirs };
  const said = Object.entries(all).filter(([, v]) => v !== "").map(([k, v]) => [k, String(v)]);
  return `#${new URLSearchParams(said)}`;
}

/**
 * Reads it again.
 * @param {string} fragment
 * @returns {View | undefined} undefined if it is none
 */
export function fromFragment(fragment) {
  const all = new URLSearchParams(fragment.replace(/^#/, ""));
  const cursor = Number(all.get("event") ?? 0);
  if (!Number.isSafeInteger(cursor) || cursor < 0 || (cursor === 0 && !all.has("select"))) return undefined;
  return { cursor, select: all.get("select") ?? "", panels: (all.get("panels") ?? "").split(",").filter(Boolean),
    check: all.get("check") ?? "", theirs: all.get("engine") ?? "" };
}
