// @ts-check
// What one viewer looks at: the trace so far, the head of the room and the viewer's own cursor.

import { Arrows } from "./arrows.js";
import { Axis } from "./axis.js";
import { Commits } from "./commits.js";
import { styles } from "./family.js";
import { History } from "./history.js";
import { Links } from "./links.js";
import { Marks } from "./marks.js";
import { Lanes } from "./spans.js";
import { Tallies } from "./tallies.js";
import { Timers } from "./timers.js";
import { DECISIONS, HIDDEN, EVERYTHING } from "./vocabulary.js";
import { Trace } from "./trace.js";
import { NODE, OPS } from "./row.js";

/** @typedef {import("./row.js").Row} Row */
/** @typedef {import("./vocabulary.js").Header} Header */
/**
 * How the room's world runs. Times are virtual nanoseconds, rate is virtual per real time.
 * @typedef {{playing: boolean, speed: string, rate: number, now: number, why: string,
 *   stops: string[], stopped?: {by: string, seq: number}}} Head
 */

/**
 * Sorts of events that are tallied: those of no message, then by the family of theirs; last what is
 * hidden.
 */
export const FAMILIES = ["local", "vote", "sync", "broadcast", "client", "plain"];
const SORTS = FAMILIES.length + 1;

// A run that is there already comes in long messages, one right after the other. To draw after each
// would take longer than to read them all.
const LONG = 400; // rows of a message from which on it is a long one
const PAUSE = 80; // milliseconds without another until listeners are told
const PATIENCE = 400; // milliseconds after which they are told anyway

const familyOf = styles.map(({ family }) => FAMILIES.indexOf(family));

/** Tells its listeners, once, that something has changed. */
export class Store {
  /** @param {Header} header */
  constructor(header) {
    this.trace = new Trace(header);
    this.history = new History(this.trace);
    this.lanes = new Lanes(this.trace.vocabulary);
    this.arrows = new Arrows(this.trace);
    this.timers = new Timers(this.trace.vocabulary);
    this.links = new Links(this.trace.vocabulary);
    this.marks = new Marks(this.trace.vocabulary);
    this.commits = new Commits(this.trace.vocabulary);
    this.tallies = new Tallies(SORTS);
    this.axis = new Axis(this.trace);
    /** @type {Head} */
    this.head = { playing: false, speed: "auto", rate: 0, now: 0, why: "", stops: [] };
    this.cursor = 0; // number of the event looked at
    this.following = true; // whether the cursor stays at the head
    this.server = 0; // the machine selected, 0 for none
    this.peer = 0; // with it the other end of the link selected, 0 for none
    /** @type {"event" | "server"} what was selected last */
    this.looking = "server";
    this.showHidden = false;
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    /** @type {ReturnType<typeof setTimeout> | undefined} when they will be told */
    this.soon = undefined;
    this.told = -PATIENCE; // when they were told last
  }

  /** @param {() => void} listener */
  subscribe(listener) {
    this.listeners.add(listener);
  }

  changed() {
    clearTimeout(this.soon);
    this.soon = undefined;
    this.told = performance.now();
    for (const listener of this.listeners) listener();
  }

  /** Tells listeners once what comes in bulk has come, or now and then. */
  changedInBulk() {
    clearTimeout(this.soon);
    const left = this.told + PATIENCE - performance.now();
    if (left <= 0) this.changed();
    else this.soon = setTimeout(() => this.changed(), Math.min(PAUSE, left));
  }

  /**
   * Takes in rows that follow on one another; those already there are passed over.
   * @param {Row[]} rows
   */
  append(rows) {
    for (const row of rows) {
      if (row[0] === this.trace.length + 1) this.take(row);
    }
    if (this.following) this.cursor = this.trace.length;
    if (rows.length < LONG) this.changed();
    else this.changedInBulk();
  }

  /** @param {Row} row */
  take(row) {
    this.trace.append(row);
    this.history.append(row);
    this.arrows.append(row, row[0]);
    this.timers.append(row);
    this.marks.append(row);
    if (row[OPS].length > 0) this.lanes.append(row, this.history.head);
    this.commits.append(row, this.history.head);
    this.tallies.append(row[0], row[NODE], this.sortOf(row[0]));
    this.axis.append(row[0], this.isShown(row[0]));
  }

  /** @param {number} seq */
  sortOf(seq) {
    if (this.trace.depth.data[seq - 1] > EVERYTHING) return SORTS - 1;
    const arrow = this.arrows.of(seq);
    return arrow < 0 ? 0 : familyOf[this.arrows.style.data[arrow]];
  }

  /** @param {Partial<Head>} head */
  setHead(head) {
    Object.assign(this.head, head);
    this.changed();
  }

  /** Numbers of the events that are shown. */
  get shown() {
    return this.axis.shown;
  }

  /** How many of the events that are shown lie at or before the cursor. */
  get shownSoFar() {
    return this.axis.rank(this.cursor);
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
    this.axis = new Axis(this.trace);
    this.axis.real = real;
    for (let seq = 1; seq <= this.trace.length; seq++) this.axis.append(seq, this.isShown(seq));
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
    this.looking = "event";
    this.changed();
  }

  /** Moves the cursor to the head, and along with it from now on. */
  follow() {
    this.following = true;
    this.cursor = this.trace.length;
    this.looking = "server";
    this.changed();
  }

  /** @param {number} id 0 for none */
  selectServer(id) {
    this.server = id;
    this.peer = 0;
    this.looking = id === 0 && !this.following ? "event" : "server";
    this.changed();
  }

  /**
   * Selects the link from one server to another.
   * @param {number} from
   * @param {number} to
   */
  selectLink(from, to) {
    this.server = from;
    this.peer = to;
    this.looking = "server";
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
    if (this.following) return Math.max(this.head.now, this.trace.lastTime);
    return this.cursor > 0 ? this.trace.time.data[this.cursor - 1] : 0;
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
