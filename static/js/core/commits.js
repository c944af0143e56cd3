// @ts-check
// What is known of writes beyond one server's memory: which are committed, and how far the snapshot of
// a server reaches, in place of entries that its log has not.

import { APPEND, SET } from "./fold.js";
import { ARGS, KIND, NODE, OPS, compareZxids, keyOf } from "./row.js";

/** @typedef {import("./row.js").Row} Row */
/** @typedef {import("./row.js").Value} Value */
/** @typedef {import("./fold.js").World} World */

/**
 * A write is committed from the first event on after which a server knows it. That stays true, whatever
 * becomes of the server; what it says of itself is forgotten when it stops.
 */
export class Commits {
  /** @param {import("./vocabulary.js").Vocabulary} vocabulary */
  constructor(vocabulary) {
    this.log = vocabulary.field("log");
    this.said = vocabulary.field("logCommitted");
    this.state = vocabulary.field("state");
    this.phase = vocabulary.field("phase");
    this.applied = vocabulary.field("lastProcessed");
    this.installed = vocabulary.kind("storage.snapshotInstalled");
    this.loaded = vocabulary.kind("storage.loaded");
    this.wiped = vocabulary.kind("world.wiped");
    /** @type {Map<string, number>} by zxid, the event from which on it is committed */
    this.since = new Map();
    /** @type {Map<number, {seq: number, zxid: Value | undefined}[]>} snapshots by server, in order */
    this.snapshots = new Map();
  }

  /**
   * @param {Row} row
   * @param {World} world with the row folded in
   */
  append(row, world) {
    if (row[OPS].some(([code, field]) => this.concerns(code, field))) this.learn(row[0], row[NODE], world);
    if (row[KIND] === this.installed) this.keep(row, row[ARGS][0]);
    else if (row[KIND] === this.loaded) this.keep(row, zxidOf(row[ARGS][0]));
    else if (row[KIND] === this.wiped) this.keep(row, undefined);
  }

  /**
   * @param {number} code
   * @param {number} field
   */
  concerns(code, field) {
    if (code === APPEND) return field === this.log;
    return code === SET && (field === this.said || field === this.phase || field === this.state || field === this.applied);
  }

  /**
   * @param {Row} row
   * @param {Value | undefined} zxid
   */
  keep(row, zxid) {
    const all = this.snapshots.get(row[NODE]) ?? [];
    all.push({ seq: row[0], zxid });
    this.snapshots.set(row[NODE], all);
  }

  /**
   * The entries of a server's log up to what it knows are committed; those before one that is known
   * already are known too.
   * @param {number} seq
   * @param {number} id
   * @param {World} world
   */
  learn(seq, id, world) {
    const known = this.known(world, id);
    const log = world.states.get(id)?.lists.get(this.log);
    if (known === undefined || !log) return;
    for (let i = log.length - 1; i >= 0; i--) {
      const zxid = log[i][0];
      if (compareZxids(zxid, known) > 0) continue;
      const key = keyOf(zxid);
      if (this.since.has(key)) return;
      this.since.set(key, seq);
    }
  }

  /**
   * The last zxid that a server knows as committed: what it says or, once it broadcasts, or serves
   * alone, what it has applied. Before that it may have applied what it merely found in its log.
   * @param {World} world
   * @param {number} id
   * @returns {Value | undefined}
   */
  known(world, id) {
    const said = world.scalar(id, this.said);
    const serves = world.scalar(id, this.phase) === "BROADCAST" || world.scalar(id, this.state) === "STANDALONE";
    const applied = serves ? world.scalar(id, this.applied) : undefined;
    return compareZxids(said, applied) < 0 ? applied : said;
  }

  /**
   * Whether a write was committed by an event.
   * @param {Value} zxid
   * @param {number} seq
   */
  has(zxid, seq) {
    return (this.since.get(keyOf(zxid)) ?? Infinity) <= seq;
  }

  /**
   * How far the snapshot reached that a server had after an event; undefined for none.
   * @param {number} id
   * @param {number} seq
   */
  snapshot(id, seq) {
    return this.snapshots.get(id)?.findLast((s) => s.seq <= seq)?.zxid;
  }
}

/**
 * The zxid in the name of a snapshot's file.
 * @param {Value | undefined} name
 * @returns {Value | undefined}
 */
function zxidOf(name) {
  const digits = /^snapshot\.([0-9a-f]+)$/.exec(String(name))?.[1];
  if (!digits || digits === "0") return undefined;
  const all = digits.padStart(16, "0");
  return [parseInt(all.slice(0, 8), 16) | 0, parseInt(all.slice(8), 16)];
}
