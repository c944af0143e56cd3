// @ts-check
// From events and virtual times to places on the timeline. A place is a width in pixels at zoom 1
// from the start of the run.

import { Column, lowerBound, upperBound } from "./columns.js";
import { DECISIONS } from "./vocabulary.js";

const MILLISECOND = 1e6;
const QUIET = 1.5 * MILLISECOND; // a stretch without events is drawn as if it took that long, at most
const PER_MILLISECOND = 90; // width, in the real scale
const STEP = 16; // width from one event to the next, in the even scale
const STRIP = 56; // width of a quiet stretch there

/**
 * A quiet stretch: between two events that are shown.
 * @typedef {{from: number, to: number, pings: number, place: number, end: number}} Fold from and to
 *   are times, place and end places
 */

/**
 * The scale of the timeline. In the even one each event that is shown is a step; in the real one
 * equal times are equal widths. Both fold quiet stretches.
 */
export class Axis {
  /** @param {import("./trace.js").Trace} trace */
  constructor(trace) {
    this.trace = trace;
    this.real = true;
    this.shown = new Column(Int32Array); // numbers of the events that are shown
    this.decisions = new Column(Int32Array); // places in shown of those that are decisions
    this.hiddenPings = 0; // since the last of them
    // Quiet stretches.
    this.after = new Column(Int32Array); // number of the event that ends it
    this.from = new Column(Float64Array); // times
    this.to = new Column(Float64Array);
    this.saved = new Column(Float64Array); // by how much it and all before are drawn shorter
    this.pings = new Column(Int32Array);
  }

  /**
   * @param {number} seq of an event after the last
   * @param {boolean} shown whether it is shown
   */
  append(seq, shown) {
    if (shown) this.show(seq);
    else if (this.isPing(seq)) this.hiddenPings++;
  }

  /**
   * Whether a hidden event is the sending of a ping.
   * @param {number} seq
   */
  isPing(seq) {
    return this.trace.peer.data[seq - 1] > 0 && this.trace.kind.data[seq - 1] !== this.trace.received;
  }

  /** @param {number} seq */
  show(seq) {
    const from = this.lastTime;
    const gap = this.timeOf(seq) - from;
    if (gap > QUIET) {
      this.after.push(seq);
      this.from.push(from);
      this.to.push(from + gap);
      this.saved.push(this.saved.last + gap - QUIET);
      this.pings.push(this.hiddenPings);
    }
    this.hiddenPings = 0;
    if (this.trace.depth.data[seq - 1] <= DECISIONS) this.decisions.push(this.shown.length);
    this.shown.push(seq);
  }

  /** @param {number} seq */
  timeOf(seq) {
    return seq > 0 ? this.trace.time.data[seq - 1] : 0;
  }

  /** The time of the last event that is shown. */
  get lastTime() {
    return this.timeOf(this.shown.last);
  }

  /**
   * The place of an event; one that is not shown has the place of the one before that is.
   * @param {number} seq
   */
  placeOf(seq) {
    return this.real ? this.realPlace(this.timeOf(seq)) : this.evenPlace(this.rank(seq));
  }

  /**
   * How many events up to a number are shown.
   * @param {number} seq
   */
  rank(seq) {
    return upperBound(this.shown.data, this.shown.length, seq);
  }

  /** @param {number} rank of an event that is shown, from 1 */
  evenPlace(rank) {
    if (rank === 0) return 0;
    const folds = upperBound(this.after.data, this.after.length, this.shown.data[rank - 1]);
    return rank * STEP + folds * STRIP;
  }

  /** @param {number} time */
  realPlace(time) {
    const folds = lowerBound(this.from.data, this.from.length, time);
    if (folds > 0 && time < this.to.data[folds - 1]) {
      const start = this.from.data[folds - 1];
      const share = (time - start) / (this.to.data[folds - 1] - start);
      return this.width(start + share * QUIET - this.savedBefore(folds - 1));
    }
    return this.width(Math.min(time, this.lastTime + QUIET) - this.savedBefore(folds));
  }

  /** @param {number} folds */
  savedBefore(folds) {
    return folds > 0 ? this.saved.data[folds - 1] : 0;
  }

  /** @param {number} time */
  width(time) {
    return (time / MILLISECOND) * PER_MILLISECOND;
  }

  /**
   * The place of a time.
   * @param {number} time
   */
  place(time) {
    if (this.real) return this.realPlace(time);
    const { data } = this.trace.time;
    const rank = this.rankAt(time);
    const here = this.evenPlace(rank);
    const start = this.timeOf(rank > 0 ? this.shown.data[rank - 1] : 0);
    const gap = time - start;
    if (gap <= 0) return here;
    if (rank >= this.shown.length) return here + this.tail(gap);
    const next = data[this.shown.data[rank] - 1];
    return here + (gap / (next - start)) * (this.evenPlace(rank + 1) - here);
  }

  /**
   * How many shown events have happened at a time.
   * @param {number} time
   */
  rankAt(time) {
    return this.rank(upperBound(this.trace.time.data, this.trace.time.length, time));
  }

  /**
   * The width behind the last event when that is so long ago.
   * @param {number} gap
   */
  tail(gap) {
    return STEP * Math.min(1, gap / QUIET) + STRIP * Math.max(0, Math.min(1, gap / QUIET - 1));
  }

  /**
   * The last shown event at a place or before, 0 if there is none.
   * @param {number} place
   */
  seqAt(place) {
    let low = 0;
    let high = this.shown.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.placeOf(this.shown.data[middle]) <= place) low = middle + 1;
      else high = middle;
    }
    return low > 0 ? this.shown.data[low - 1] : 0;
  }

  /**
   * The time at a place; behind the last event shown, the time of that event.
   * @param {number} place
   */
  time(place) {
    const seq = this.seqAt(place);
    const rank = this.rank(seq);
    const start = this.timeOf(seq);
    if (rank >= this.shown.length) return start;
    const next = this.shown.data[rank];
    const p0 = this.placeOf(seq);
    const p1 = this.placeOf(next);
    return p1 > p0 ? start + ((place - p0) / (p1 - p0)) * (this.timeOf(next) - start) : start;
  }

  /** The width of a quiet stretch. */
  get foldWidth() {
    return this.real ? this.width(QUIET) : STRIP;
  }

  /** The place of the last event. */
  get end() {
    return this.placeOf(this.shown.last);
  }

  /**
   * The quiet stretches that end behind event from and begin before event to; the one that is still
   * growing too.
   * @param {number} from
   * @param {number} to
   * @param {number} now
   * @returns {Fold[]}
   */
  folds(from, to, now) {
    /** @type {Fold[]} */
    const out = [];
    const { after } = this;
    let i = upperBound(after.data, after.length, from);
    for (; i < after.length && this.from.data[i] <= this.timeOf(to); i++) out.push(this.fold(i));
    if (i === after.length && now - this.lastTime > 2 * QUIET) {
      out.push({
        from: this.lastTime, to: now, pings: this.hiddenPings, place: this.end, end: this.place(now),
      });
    }
    return out;
  }

  /** @param {number} i */
  fold(i) {
    const end = this.placeOf(this.after.data[i]);
    const place = this.real ? this.realPlace(this.from.data[i]) : end - STRIP - STEP;
    return { from: this.from.data[i], to: this.to.data[i], pings: this.pings.data[i], place, end };
  }
}

/**
 * Writes a time in seconds.
 * @param {number} nanoseconds
 * @param {number} [digits] behind the point
 */
export function seconds(nanoseconds, digits = 3) {
  return `${(nanoseconds / 1e9).toFixed(digits)} s`;
}

/**
 * Writes how long something took, in the unit that suits it.
 * @param {number} nanoseconds
 */
export function duration(nanoseconds) {
  const ms = nanoseconds / MILLISECOND;
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return ms >= 10 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(2)} ms`;
}
