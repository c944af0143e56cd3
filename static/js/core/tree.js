// @ts-check
// The tree of znodes as a server has it, as a list in which children follow their parents.

import { NODE, OPS, text } from "./row.js";

/** @typedef {import("./row.js").Value} Value */
/** @typedef {import("./fold.js").World} World */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {{path: string, name: string, depth: number, values: Value[], changed: boolean}} Node */

/**
 * @param {Store} store
 * @param {World} world
 * @param {number} server
 * @returns {Node[]}
 */
export function nodesOf(store, world, server) {
  const field = store.trace.vocabulary.field("tree");
  const changed = changedIn(store, server, field);
  const nodes = [...(world.states.get(server)?.maps.get(field)?.values() ?? [])].map(({ key, values }) => {
    const path = text(key);
    const parts = path.split("/").filter(Boolean);
    return { path, name: parts.at(-1) ?? "/", depth: parts.length, values, changed: changed.has(path) };
  });
  return nodes.sort((a, b) => order(a.path, b.path));
}

/**
 * The paths that the event at the cursor changes at a server.
 * @param {Store} store
 * @param {number} server
 * @param {number} field
 */
function changedIn(store, server, field) {
  const event = store.event;
  if (!event || event[NODE] !== server) return new Set();
  return new Set(event[OPS].filter(([, f, key]) => f === field && key !== null).map(([, , key]) => text(key)));
}

/**
 * Parents before children, siblings by name.
 * @param {string} a
 * @param {string} b
 */
function order(a, b) {
  const [x, y] = [a.replaceAll("/", "\u0001"), b.replaceAll("/", "\u0001")];
  return x < y ? -1 : Number(x > y);
}
