// @ts-check
// What can happen next at the cursor: packets on their way and timers that run, folded from the trace.

import { DOWN, FROZEN } from "./roles.js";
import { serverIds } from "./quorum.js";
import { HIDDEN } from "./vocabulary.js";

/** @typedef {import("./store.js").Store} Store */
/**
 * A packet has the number of its sending, a timer its machine and when it fires. hindered names what
 * keeps it from happening: "" for nothing; ahead is the packet that must arrive first.
 * @typedef {{kind: "packet" | "timer", seq: number, from: number, to: number, name: string, at: number,
 *   hindered: "" | "cut" | "held" | "frozen" | "fifo" | "down", ahead: number}} Pending
 */

// Timers of a machine's own housekeeping, which nobody waits for.
const QUIET = /^(session\.expiry|log\.flush|client\.|leader\.containers)/;

/**
 * @param {Store} store
 * @returns {Pending[]} packets in the order of their sending, then timers as they will fire
 */
export function pending(store) {
  return [...packets(store), ...timers(store)];
}

/** @param {Store} store @returns {Pending[]} */
function packets(store) {
  const { arrows, trace } = store;
  /** @type {Map<string, number>} the first packet of each connection */
  const first = new Map();
  const out = [];
  for (const i of arrows.inFlight(store.cursor)) {
    const seq = arrows.send.data[i];
    const [from, to] = [arrows.from.data[i], arrows.to.data[i]];
    const port = trace.vocabulary.kinds[trace.kind.data[seq - 1]].name.split(".")[0];
    const ahead = first.get(`${from}>${to}:${port}`) ?? 0;
    if (ahead === 0) first.set(`${from}>${to}:${port}`, seq);
    if (trace.depth.data[seq - 1] >= HIDDEN && !store.showHidden) continue;
    out.push({ kind: /** @type {const} */ ("packet"), seq, from, to, name: "", at: trace.time.data[seq - 1],
      hindered: hindrance(store, from, to, ahead), ahead });
  }
  return out;
}

/**
 * @param {Store} store
 * @param {number} from
 * @param {number} to
 * @param {number} ahead
 * @returns {Pending["hindered"]}
 */
function hindrance(store, from, to, ahead) {
  const { links, world } = store;
  if (links.isCut(world, from, to)) return "cut";
  if (ahead > 0) return "fifo";
  if (links.isHeld(world, from, to)) return "held";
  const role = store.lanes.roles.of(world, to);
  if (role >= FROZEN) return "frozen";
  return role <= DOWN ? "down" : "";
}

/** @param {Store} store @returns {Pending[]} */
function timers(store) {
  const out = [];
  for (const id of serverIds(store)) {
    const frozen = store.lanes.roles.of(store.world, id) >= FROZEN;
    for (const { name, at } of store.timers.running(store.world, id)) {
      if (QUIET.test(name)) continue;
      out.push({ kind: /** @type {const} */ ("timer"), seq: 0, from: id, to: id, name, at, ahead: 0,
        hindered: /** @type {Pending["hindered"]} */ (frozen ? "frozen" : "") });
    }
  }
  return out.sort((a, b) => a.at - b.at);
}
