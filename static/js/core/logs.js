// @ts-check
// The transaction logs at the cursor, ready for columns by zxid.

import { ARGS, NODE, OPS, compareZxids, keyOf } from "./row.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./row.js").Value} Value */
/**
 * The log of a server: its zxids in order, how many are on disk, the last it knows as committed, how
 * far the snapshot before it reaches, and what the event at the cursor takes away. isCommitted says
 * whether anybody knew a zxid as committed by then.
 * @typedef {{id: number, entries: Map<string, number>, zxids: Value[], durable: number,
 *   committed: Value | undefined, snapshot: Value | undefined, isCommitted: (zxid: Value) => boolean,
 *   cut: Map<string, Value>, word: string}} Log
 */

const CUT = 3; // node.OpCut

/** Reads logs off the visible state. */
export class Logs {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    const { vocabulary } = store.trace;
    this.log = vocabulary.field("log");
    this.durable = vocabulary.field("logDurable");
    this.crashed = vocabulary.kind("world.crashed");
  }

  /**
   * Tells whether a log may look different: equal keys, equal logs.
   * @param {number} id
   */
  key(id) {
    const state = this.store.world.states.get(id);
    const list = state?.lists.get(this.log);
    const event = this.store.event;
    const cut = event?.[NODE] === id && event[OPS].some(([code, field]) => code === CUT && field === this.log);
    return [list?.length, list?.at(-1)?.[0], state?.scalars.get(this.durable), this.known(id),
      this.snapshot(id), this.store.commits.has(list?.at(-1)?.[0] ?? null, this.store.cursor), cut ? event[0] : 0];
  }

  /**
   * @param {number} id
   * @returns {Log}
   */
  of(id) {
    const state = this.store.world.states.get(id);
    const zxids = (state?.lists.get(this.log) ?? []).map((values) => values[0]);
    const durable = Number(state?.scalars.get(this.durable)?.[0] ?? 0);
    const word = this.store.event?.[3] === this.crashed ? "lost" : "cut";
    return { id, zxids, durable, word, committed: this.known(id), snapshot: this.snapshot(id),
      isCommitted: (zxid) => this.store.commits.has(zxid, this.store.cursor),
      entries: new Map(zxids.map((z, i) => [keyOf(z), i])), cut: this.cutHere(id) };
  }

  /** @param {number} id */
  known(id) {
    return this.store.commits.known(this.store.world, id);
  }

  /** @param {number} id */
  snapshot(id) {
    return this.store.commits.snapshot(id, this.store.cursor);
  }

  /**
   * The entries that the event at the cursor cuts off a server's log.
   * @param {number} id
   * @returns {Map<string, Value>}
   */
  cutHere(id) {
    const { store } = this;
    const event = store.event;
    const cut = event?.[NODE] === id && event[OPS].find(([code, field]) => code === CUT && field === this.log);
    if (!cut) return new Map();
    const before = store.history.at(store.cursor - 1).states.get(id)?.lists.get(this.log) ?? [];
    const doomed = before.slice(Number(cut[2])).map((values) => values[0]);
    store.history.at(store.cursor);
    return new Map(doomed.map((z) => [keyOf(z), z]));
  }
}

/**
 * All zxids that any of the logs has or loses, in order.
 * @param {Log[]} logs
 * @returns {Value[]}
 */
export function columnsOf(logs) {
  /** @type {Map<string, Value>} */
  const all = new Map();
  for (const { zxids, entries, cut } of logs) {
    let i = 0;
    for (const key of entries.keys()) all.set(key, zxids[i++]);
    for (const [key, z] of cut) all.set(key, z);
  }
  return [...all.values()].sort(compareZxids);
}

/**
 * How a server has a zxid: in its log, as part of its snapshot, or not at all.
 * @param {Log} log
 * @param {Value} zxid
 * @returns {"committed" | "durable" | "logged" | "cut" | "snapshot" | "missing"}
 */
export function stateOf(log, zxid) {
  const key = keyOf(zxid);
  const at = log.entries.get(key);
  if (at !== undefined) return log.isCommitted(zxid) ? "committed" : at < log.durable ? "durable" : "logged";
  if (log.cut.has(key)) return "cut";
  const kept = compareZxids(zxid, log.snapshot) <= 0 && log.isCommitted(zxid);
  return kept ? "snapshot" : "missing";
}

/**
 * The ticks under a log, by the place of their column: names of what reaches exactly that far.
 * @param {Log} log
 * @param {Value[]} columns
 * @returns {Map<number, string[]>}
 */
export function ticksOf(log, columns) {
  /** @type {[string, Value | undefined][]} */
  const ends = [["committed", log.committed], ["durable", log.zxids[log.durable - 1]], ["logged", log.zxids.at(-1)]];
  /** @type {Map<number, string[]>} */
  const out = new Map();
  for (const [name, zxid] of ends) {
    if (zxid === undefined) continue;
    const at = columns.findLastIndex((z) => compareZxids(z, zxid) <= 0 && log.entries.has(keyOf(z)));
    if (at >= 0) out.set(at, [...(out.get(at) ?? []), name]);
  }
  return out;
}

/**
 * The last event up to the head in which a server appended a zxid or, whatever its zxid, installed
 * its snapshot; 0 if the trace has none.
 * @param {import("./trace.js").Trace} trace
 * @param {number} id
 * @param {string} name kind of the event
 * @param {string} key of the zxid
 */
export function made(trace, id, name, key) {
  const kind = trace.vocabulary.kind(name);
  for (let seq = trace.length; seq > 0; seq--) {
    if (trace.kind.data[seq - 1] !== kind || trace.node.data[seq - 1] !== id) continue;
    if (name !== "log.appended" || keyOf(trace.at(seq)?.[ARGS][0] ?? null) === key) return seq;
  }
  return 0;
}
