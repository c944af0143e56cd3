// @ts-check
// What one viewer looks at: the trace so far, the head of the room and the viewer's own cursor.

import { Arrows } from "./arrows.js";
import { Axis } from "./axis.js";
import { History } from "./history.js";
import { Lanes } from "./spans.js";
import { DECISIONS, HIDDEN, EVERYTHING } from "./vocabulary.js";
import { Trace } from "./trace.js";
import { NODE, TIME } from "./row.js";

/** @typedef {import("./row.js").Row} Row */
/** @typedef {import("./vocabulary.js").Header} Header */
/**
 * How the room's world runs. Times are virtual nanoseconds, rate is virtual per real time.
 * @typedef {{playing: boolean, speed: string, rate: number, now: number, why: string}} Head
 */

/** Tells its listeners, once, that something has changed. */
export class Store {
  /** @param {Header} header */
  constructor(header) {
    this.trace = new Trace(header);
    this.history = new History(this.trace);
    this.lanes = new Lanes(this.trace.vocabulary);
    this.arrows = new Arrows(this.trace);
    this.axis = new Axis();
    /** @type {Head} */
    this.head = { playing: false, speed: "auto", rate: 0, now: 0, why: "" };
    this.cursor = 0; // number of the event looked at
    this.following = true; // whether the cursor stays at the head
    this.server = 0; // the machine selected, 0 for none
    this.showHidden = false;
    /** @type {Set<() => void>} */
    this.listeners = new Set();
  }

  /** @param {() => void} listener */
  subscribe(listener) {
    this.listeners.add(listener);
  }

  changed() {
    for (const listener of this.listeners) listener();
  }

  /**
   * Takes in rows that follow on one another; those already there are passed over.
   * @param {Row[]} rows
   */
  append(rows) {
    for (const row of rows) {
      if (row[0] !== this.trace.length + 1) continue;
      this.trace.append(row);
      this.history.advance();
      this.lanes.append(row, this.history.head);
      this.arrows.append(row, row[0]);
      if (this.isShown(row[0])) this.axis.append(row[TIME]);
    }
    if (this.following) this.cursor = this.trace.length;
    this.changed();
  }

  /** @param {Partial<Head>} head */
  setHead(head) {
    Object.assign(this.head, head);
    this.changed();
  }

  /**
   * Whether the timeline shows an event: pings and timers only when asked for.
   * @param {number} seq
   */
  isShown(seq) {
    return this.showHidden || this.trace.depth.data[seq - 1] <= EVERYTHING;
  }

  /** @param {boolean} show whether pings and timers are shown */
  setShowHidden(show) {
    this.showHidden = show;
    const real = this.axis.real;
    this.axis = new Axis();
    this.axis.real = real;
    for (let seq = 1; seq <= this.trace.length; seq++) {
      if (this.isShown(seq)) this.axis.append(this.trace.time.data[seq - 1]);
    }
    this.changed();
  }

  /** @param {boolean} real */
  setRealScale(real) {
    this.axis.real = real;
    this.changed();
  }

  /**
   * Moves the cursor to an event and stays there.
   * @param {number} seq
   */
  select(seq) {
    if (seq < 1 || seq > this.trace.length) return;
    this.cursor = seq;
    this.following = false;
    this.changed();
  }

  /** Moves the cursor to the head, and along with it from now on. */
  follow() {
    this.following = true;
    this.cursor = this.trace.length;
    this.changed();
  }

  /** @param {number} id 0 for none */
  selectServer(id) {
    this.server = id;
    this.changed();
  }

  /** The event looked at, undefined before the first. */
  get event() {
    return this.trace.at(this.cursor);
  }

  /** The world at the cursor, for reading only. */
  get world() {
    return this.history.at(this.cursor);
  }

  /** The virtual time at the cursor. */
  get now() {
    if (this.following) return Math.max(this.head.now, this.trace.at(this.trace.length)?.[TIME] ?? 0);
    return this.event?.[TIME] ?? 0;
  }

  /**
   * The next event to step to from the cursor.
   * @param {1 | -1} step
   * @param {{decision?: boolean, machine?: number}} [which]
   * @returns {number} 0 if there is none that way
   */
  neighbour(step, which = {}) {
    const depth = which.decision ? DECISIONS : this.showHidden ? HIDDEN : EVERYTHING;
    return this.trace.near(this.cursor, step, depth, which.machine ?? -1);
  }

  /** The machine that the event looked at is about. */
  get machine() {
    return this.server || (this.event?.[NODE] ?? 0);
  }
}
