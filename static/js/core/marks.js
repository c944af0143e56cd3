// @ts-check
// The few events that pictures mark by themselves: what was done to machines and to links, who was
// elected, what people asked for, and what a server logged and nobody else ever got from it.

import { Column } from "./columns.js";
import { APPEND, SET } from "./fold.js";
import { ARGS, KIND, NODE, OPS, compareZxids, keyOf, text } from "./row.js";
import { WORLD } from "./vocabulary.js";

/** @typedef {import("./row.js").Row} Row */
/** @typedef {import("./vocabulary.js").Vocabulary} Vocabulary */

// Sorts of marks.
export const BAD = 0;
export const GOOD = 1;
export const WALL = 2; // something that lies between machines
export const ELECTED = 3;
export const YOURS = 4;

/** Sorts and words by kind of event. @type {Object<string, [sort: number, word: string]>} */
const kinds = {
  "world.killed": [BAD, "killed"], "world.crashed": [BAD, "crash"], "world.stopped": [BAD, "stopped"],
  "world.exited": [BAD, "exit"], "world.paused": [BAD, "frozen"], "world.wiped": [BAD, "wiped"],
  "world.diskFault": [BAD, "disk"], "check.violated": [BAD, "violated"],
  "world.started": [GOOD, "start"], "world.resumed": [GOOD, "thawed"],
  "world.partitioned": [WALL, "cut"], "world.healed": [WALL, "healed"],
  "fle.elected": [ELECTED, "elected"], "client.called": [YOURS, "call"],
};

const SORTS = 5;

/**
 * All marks in the order of events, in columns by index; those that may be many, of elections and of
 * what people asked for, are in the lists by sort alone.
 */
export class Marks {
  /** @param {Vocabulary} vocabulary */
  constructor(vocabulary) {
    this.byKind = vocabulary.kinds.map(({ name }) => kinds[name]);
    this.log = vocabulary.field("log");
    this.process = vocabulary.field("process");
    this.seq = new Column(Int32Array);
    this.sort = new Column(Uint8Array);
    this.node = new Column(Uint16Array);
    this.bySort = Array.from({ length: SORTS }, () => new Column(Int32Array)); // numbers of events
    /** @type {Map<number, string>} words that say more than the kind, by seq */
    this.words = new Map();
    /** @type {Map<string, {seq: number, node: number, zxid: string}>} by zxid, logged by one so far */
    this.alone = new Map();
    /** @type {import("./row.js").Value | undefined} */
    this.newest = undefined; // zxid in any log
    /** @type {{seq: number, node: number}[]} events that logged what nobody else got, in order */
    this.lonely = [];
  }

  get length() {
    return this.seq.length;
  }

  /** @param {Row} row */
  append(row) {
    for (const [code, field, , values] of row[OPS]) {
      if (code === APPEND && field === this.log) this.logged(row, values[0]);
      if (code === SET && field === this.process && values[0] === "down") this.down(row[NODE]);
    }
    const mark = this.byKind[row[KIND]];
    if (!mark || (row[NODE] === WORLD && mark[0] !== WALL)) return;
    if (mark[0] === WALL) this.words.set(row[0], wall(row, mark[1]));
    this.bySort[mark[0]].push(row[0]);
    if (mark[0] > WALL) return;
    this.seq.push(row[0]);
    this.sort.push(mark[0]);
    this.node.push(row[NODE]);
  }

  /**
   * @param {Row} row
   * @param {import("./row.js").Value} zxid
   */
  logged(row, zxid) {
    const key = keyOf(zxid);
    if (this.alone.delete(key) || compareZxids(zxid, this.newest) <= 0) return;
    this.newest = zxid;
    this.alone.set(key, { seq: row[0], node: row[NODE], zxid: text(zxid) });
  }

  /**
   * A server is down: what it alone has logged, nobody else has from it.
   * @param {number} id
   */
  down(id) {
    for (const [key, { seq, node, zxid }] of this.alone) {
      if (node !== id) continue;
      this.alone.delete(key);
      this.words.set(seq, `logs ${zxid} alone`);
      this.lonely.push({ seq, node });
    }
    this.lonely.sort((a, b) => a.seq - b.seq);
  }

  /**
   * The word beside a mark.
   * @param {number} i
   * @param {number} kind of its event
   */
  word(i, kind) {
    return this.words.get(this.seq.data[i]) ?? this.byKind[kind]?.[1] ?? "";
  }
}

/**
 * @param {Row} row
 * @param {string} word
 */
function wall(row, word) {
  const [a, b, oneWay] = row[ARGS].map(text);
  return a === undefined ? word : `${word} ${a} ${oneWay === "true" ? "→" : "|"} ${b}`;
}
