// @ts-check
// Two runs held against each other: where they part, and what differs at a moment.

import { upperBound } from "./columns.js";
import { serverIds } from "./quorum.js";
import { LEADING } from "./roles.js";
import { text } from "./row.js";
import { nodesOf } from "./tree.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./trace.js").Trace} Trace */
/** @typedef {import("./vocabulary.js").Header} Header */
/** Something that differs: of server id, 0 for none. @typedef {{what: string, id: number, a: string, b: string}} Difference */

const SHOWN = 6; // zxids or nodes that are told, at most

/**
 * Why two runs cannot be compared, as a key; "" if they can.
 * @param {Header} a
 * @param {Header} b
 */
export function mismatch(a, b) {
  const alike = (/** @type {(h: Header) => unknown} */ of) => JSON.stringify(of(a)) === JSON.stringify(of(b));
  if (!alike((h) => [h.engine, h.protocol])) return "engine";
  if (!alike((h) => [h.speaks, h.kinds, h.fields, h.checks, h.timers])) return "vocabulary";
  if (!alike((h) => h.machines)) return "machines";
  return "";
}

/** Finds the first event in which two traces differ, as they grow. */
export class Parting {
  /**
   * @param {Trace} a
   * @param {Trace} b
   */
  constructor(a, b) {
    this.a = a;
    this.b = b;
    this.same = 0; // events that are the same in both
    this.found = false; // whether the next one is not
  }

  /** The number of the first event that differs, 0 while none is known. */
  get seq() {
    return this.found ? this.same + 1 : 0;
  }

  /** Looks at what has come. */
  look() {
    const most = Math.min(this.a.length, this.b.length);
    while (!this.found && this.same < most) {
      if (this.alike(this.same)) this.same++;
      else this.found = true;
    }
    return this.seq;
  }

  /** @param {number} i number of an event, less one */
  alike(i) {
    const { a, b } = this;
    if (a.time.data[i] !== b.time.data[i] || a.node.data[i] !== b.node.data[i] || a.kind.data[i] !== b.kind.data[i] ||
      a.peer.data[i] !== b.peer.data[i] || a.cause.data[i] !== b.cause.data[i]) return false;
    return JSON.stringify(a.unpack(i + 1)) === JSON.stringify(b.unpack(i + 1));
  }
}

/**
 * The last event at a time or before.
 * @param {Store} store
 * @param {number} time
 */
export function cursorAt({ trace }, time) {
  return upperBound(trace.time.data, trace.length, time);
}

/**
 * The times of what either run shows, in order, each once.
 * @param {Store} a
 * @param {Store} b
 */
export function timesOf(a, b) {
  /** @type {number[]} */
  const out = [];
  const [x, y] = [a, b].map(({ shown, trace }) => ({ at: 0, n: shown.length, time: (/** @type {number} */ i) => trace.time.data[shown.data[i] - 1] }));
  while (x.at < x.n || y.at < y.n) {
    const next = Math.min(x.at < x.n ? x.time(x.at) : Infinity, y.at < y.n ? y.time(y.at) : Infinity);
    for (const z of [x, y]) while (z.at < z.n && z.time(z.at) === next) z.at++;
    out.push(next);
  }
  return out;
}

/**
 * What differs at the cursors of two runs of the same servers.
 * @param {Store} a
 * @param {Store} b
 * @returns {Difference[]}
 */
export function differences(a, b) {
  /** @type {Difference[]} */
  const out = [];
  const put = (/** @type {string} */ what, /** @type {number} */ id, /** @type {string} */ x, /** @type {string} */ y) => {
    if (x !== y) out.push({ what, id, a: x, b: y });
  };
  put("leader", 0, leaders(a), leaders(b));
  for (const id of serverIds(a)) put("role", id, word(a, id), word(b, id));
  for (const what of ["acceptedEpoch", "currentEpoch", "lastProcessed"]) {
    for (const id of serverIds(a)) put(what, id, scalar(a, id, what), scalar(b, id, what));
  }
  for (const id of serverIds(a)) put("log", id, ...unlike(logOf(a, id), logOf(b, id)));
  for (const id of serverIds(a)) put("tree", id, ...unlike(treeOf(a, id), treeOf(b, id)));
  return out;
}

/** @param {Store} store */
function leaders(store) {
  return serverIds(store).filter((id) => store.lanes.roles.of(store.world, id) === LEADING).join(", ") || "-";
}

/** @param {Store} store @param {number} id */
function word(store, id) {
  return store.lanes.roles.word(store.world, id) || "-";
}

/** @param {Store} store @param {number} id @param {string} field */
function scalar(store, id, field) {
  return text(store.world.scalar(id, store.trace.vocabulary.field(field)));
}

/** @param {Store} store @param {number} id */
function logOf(store, id) {
  return (store.world.states.get(id)?.lists.get(store.trace.vocabulary.field("log")) ?? []).map(([zxid]) => text(zxid));
}

/** @param {Store} store @param {number} id */
function treeOf(store, id) {
  return nodesOf(store, store.world, id).map(({ path, values }) => `${path}=${text(values[0])}`);
}

/**
 * What only one of two lists has.
 * @param {string[]} a
 * @param {string[]} b
 * @returns {[string, string]}
 */
function unlike(a, b) {
  const [inA, inB] = [new Set(a), new Set(b)];
  return [few(a.filter((x) => !inB.has(x))), few(b.filter((x) => !inA.has(x)))];
}

/** @param {string[]} list */
function few(list) {
  if (list.length === 0) return "-";
  return list.slice(0, SHOWN).join(", ") + (list.length > SHOWN ? ` … (${list.length})` : "");
}
