// @ts-check
// From virtual time to places on the timeline. A place is a width in pixels at zoom 1 from the
// start of the run.

import { Column, lowerBound, upperBound } from "./columns.js";

const NEAREST = 7; // width between two events at different times, at least
const FOLDED = 110; // width of a stretch in which nothing happens, at most
const PER_MILLISECOND = 320;
const MILLISECOND = 1e6;
const NOTICEABLE = 4 * MILLISECOND; // a stretch from which on a fold says that it is one
const REAL_PER_MILLISECOND = 40;

/** @typedef {{from: number, to: number}} Fold a stretch of time that is drawn shorter than it was */

/**
 * The scale of the timeline. Folded, it gives every event room and shortens the time in which
 * nothing is shown; real, equal times are equal widths.
 */
export class Axis {
  constructor() {
    this.real = false;
    this.times = new Column(Float64Array);
    this.places = new Column(Float64Array);
    this.times.push(0);
    this.places.push(0);
  }

  /** @param {number} time of an event that is shown, not before the last */
  append(time) {
    const last = this.times.length - 1;
    const gap = time - this.times.data[last];
    if (gap <= 0) return;
    this.times.push(time);
    this.places.push(this.places.data[last] + width(gap));
  }

  /**
   * @param {number} time
   * @returns {number} place
   */
  place(time) {
    if (this.real) return (time / MILLISECOND) * REAL_PER_MILLISECOND;
    const i = Math.max(1, lowerBound(this.times.data, this.times.length, time));
    const t0 = this.times.data[i - 1];
    const p0 = this.places.data[i - 1];
    if (i >= this.times.length) return p0 + width(time - t0);
    const share = (time - t0) / (this.times.data[i] - t0);
    return p0 + share * (this.places.data[i] - p0);
  }

  /**
   * The time at a place; behind the last event shown, the time of that event.
   * @param {number} place
   */
  time(place) {
    if (this.real) return (place / REAL_PER_MILLISECOND) * MILLISECOND;
    const i = upperBound(this.places.data, this.places.length, place);
    if (i === 0) return 0;
    const t0 = this.times.data[i - 1];
    if (i >= this.times.length) return t0;
    const p0 = this.places.data[i - 1];
    const share = (place - p0) / (this.places.data[i] - p0);
    return t0 + share * (this.times.data[i] - t0);
  }

  /**
   * The folds between two times, the one that is still growing included.
   * @param {number} from
   * @param {number} to
   * @param {number} now
   * @returns {Fold[]}
   */
  folds(from, to, now) {
    const out = [];
    if (this.real) return out;
    const times = this.times.data;
    const first = Math.max(1, lowerBound(times, this.times.length, from));
    for (let i = first; i <= this.times.length && times[i - 1] < to; i++) {
      const end = i < this.times.length ? times[i] : now;
      if (end - times[i - 1] >= NOTICEABLE) out.push({ from: times[i - 1], to: end });
    }
    return out;
  }
}

/** @param {number} gap in nanoseconds */
function width(gap) {
  if (gap <= 0) return 0;
  return Math.min(FOLDED, Math.max(NEAREST, (gap / MILLISECOND) * PER_MILLISECOND));
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
