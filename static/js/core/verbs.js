// @ts-check
// What people can do to a server: the line of the scenario language, and when it makes no sense.

import { DOWN, FROZEN } from "./roles.js";
import { serverIds } from "./quorum.js";

/** @typedef {import("./store.js").Store} Store */
/** hindered names the reason why not, "" for none. */
/** @typedef {{name: string, key: string, line: (store: Store, id: number) => string,
 *   hindered: (store: Store, id: number) => string}} Verb */

/**
 * The role of a server at the cursor, where commands are carried out.
 * @param {Store} store
 * @param {number} id
 */
function role(store, id) {
  return store.lanes.roles.of(store.world, id);
}

/** @param {Store} store @param {number} id */
const mustRun = (store, id) => (role(store, id) <= DOWN ? "down" : "");
/** @param {Store} store @param {number} id */
const mustRest = (store, id) => (role(store, id) > DOWN ? "up" : "");

/** All verbs for a server, in the order of their buttons. @type {Verb[]} */
export const verbs = [
  { name: "kill", key: "x", line: (_, id) => `kill ${id}`, hindered: mustRun },
  { name: "crash", key: "", line: (_, id) => `crash ${id}`, hindered: mustRun },
  { name: "start", key: "r", line: (_, id) => `start ${id}`, hindered: mustRest },
  { name: "freeze", key: "z", line: freeze, hindered: mustRun },
  { name: "cut", key: "c", line: cutOff, hindered: cutHindered },
  { name: "wipe", key: "", line: (_, id) => `wipe ${id}`, hindered: mustRest },
];

/**
 * @param {Store} store
 * @param {number} id
 */
export function isFrozen(store, id) {
  return role(store, id) >= FROZEN;
}

/**
 * @param {Store} store
 * @param {number} id
 */
function freeze(store, id) {
  return `${isFrozen(store, id) ? "resume" : "pause"} ${id}`;
}

/**
 * @param {Store} store
 * @param {number} id
 */
function cutOff(store, id) {
  return `partition ${id} | ${serverIds(store).filter((other) => other !== id).join(",")}`;
}

/**
 * @param {Store} store
 * @param {number} id
 */
function cutHindered(store, id) {
  const others = serverIds(store).filter((other) => other !== id);
  if (others.length === 0) return "alone";
  const { links, world } = store;
  return others.every((o) => links.isCut(world, id, o) && links.isCut(world, o, id)) ? "cut" : "";
}

/**
 * Why a server cannot answer a client: "down", "frozen", or "" if nothing is known against it.
 * @param {Store} store
 * @param {number} id
 */
export function serverHindered(store, id) {
  const is = role(store, id);
  return is <= DOWN ? "down" : is >= FROZEN ? "frozen" : "";
}

/**
 * The server that a client should ask: the one selected, else the first that runs.
 * @param {Store} store
 * @param {number} [selected] 0 for none
 */
export function serverToAsk(store, selected = store.server) {
  if (selected > 0) return selected;
  const up = serverIds(store).filter((id) => role(store, id) > DOWN && role(store, id) < FROZEN);
  return up[0] ?? serverIds(store)[0];
}
