// @ts-check
// Whether the ensemble can work at all at some instant, and if not, who is missing.

import { DOWN, FROZEN } from "./roles.js";
import { FIRST_CLIENT, WORLD } from "./vocabulary.js";

/** @typedef {import("./fold.js").World} World */
/** @typedef {import("./store.js").Store} Store */
/**
 * serving: a leader broadcasts; possible: enough voters can talk to each other; needed: voters of a
 * majority; missing: voters outside the largest group that can talk.
 * @typedef {{serving: boolean, possible: boolean, needed: number, voters: number, missing: number[],
 *   epoch: number}} Outlook
 */

/**
 * The servers of a run, without its clients.
 * @param {Store} store
 */
export function serverIds(store) {
  return store.trace.header.machines.map((m) => m.id).filter((id) => id !== WORLD && id < FIRST_CLIENT);
}

/**
 * @param {Store} store
 * @param {World} world
 * @returns {Outlook}
 */
export function outlook(store, world) {
  const { roles } = store.lanes;
  const voters = store.trace.header.machines.filter((m) => m.role === "participant").map((m) => m.id);
  const running = voters.filter((id) => {
    const role = roles.of(world, id);
    return role > DOWN && role < FROZEN;
  });
  const groups = store.links.sides(world, running).sort((a, b) => b.length - a.length);
  const best = groups[0] ?? [];
  const needed = Math.floor(voters.length / 2) + 1;
  const epoch = roles.established(world);
  return {
    serving: epoch > 0, possible: best.length >= needed, needed, voters: voters.length, epoch,
    missing: voters.filter((id) => !best.includes(id)),
  };
}
