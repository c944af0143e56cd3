// @ts-check
// Which messages the timeline shows as arrows, and where they are too many to be told apart.

import { steady } from "./lanes.js";

/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {{x0: number, x1: number}} Stretch pixels */

const CROWD = 3000; // events in view beyond which all are drawn as density
const BIN = 48; // pixels of a stretch that is judged by itself
const APART = 3; // pixels between arrows that can be told apart

/** Lines of messages in typed arrays, by index from 0 to count; used again for each picture. */
export class Segments {
  constructor() {
    this.count = 0;
    this.index = new Int32Array(2 * CROWD); // of the message
    this.x0 = new Float32Array(2 * CROWD);
    this.y0 = new Float32Array(2 * CROWD);
    this.x1 = new Float32Array(2 * CROWD);
    this.y1 = new Float32Array(2 * CROWD);
    /** @type {Stretch[]} stretches that show density instead */
    this.dense = [];
  }

  /**
   * Finds what is in view.
   * @param {Store} store
   * @param {Frame} frame
   */
  gather(store, frame) {
    this.count = 0;
    this.dense = [];
    const [first, end] = frame.ranks;
    if (end - first > CROWD) {
      this.dense.push({ x0: frame.left, x1: frame.right });
      return;
    }
    const { arrows } = store;
    const { shown } = store.axis;
    arrows.across(shown.data[first] ?? store.trace.length + 1, (i) => {
      if (store.isShown(arrows.send.data[i])) this.add(store, frame, i);
    });
    for (let rank = first; rank < end; rank++) {
      const i = arrows.of(shown.data[rank]);
      if (i >= 0 && arrows.send.data[i] === shown.data[rank]) this.add(store, frame, i);
    }
    this.thin(frame);
  }

  /**
   * Adds a message. One under way reaches as far as it has come.
   * @param {Store} store
   * @param {Frame} frame
   * @param {number} i
   */
  add(store, frame, i) {
    const { arrows, head } = store;
    const n = this.count;
    const y0 = frame.y(arrows.from.data[i]);
    const y1 = frame.y(arrows.to.data[i]);
    if (y0 === undefined || y1 === undefined || n === this.index.length) return;
    this.index[n] = i;
    this.x0[n] = frame.x(arrows.send.data[i]);
    this.y0[n] = y0;
    const end = arrows.end.data[i];
    const share = end > 0 ? (arrows.lost.data[i] ? 0.86 : 1) : arrows.progress(i, head.now);
    this.x1[n] = end > 0 ? frame.x(end) : Math.max(frame.xAt(head.now), this.x0[n] + 12);
    this.y1[n] = y0 + (y1 - y0) * share;
    this.count++;
  }

  /**
   * Takes out what is too close together.
   * @param {Frame} frame
   */
  thin(frame) {
    const most = (BIN / APART) * Math.max(1, frame.lanes.size / 2);
    if (this.count <= most) return;
    const start = steady(frame, frame.left - BIN, BIN);
    const bins = new Int32Array(Math.ceil((frame.right - start) / BIN) + 1);
    for (let i = 0; i < this.count; i++) {
      if (this.x0[i] >= start) bins[Math.floor((this.x0[i] - start) / BIN)]++;
    }
    this.dense = stretches(bins, most, start);
    if (this.dense.length > 0) this.keep((i) => this.x0[i] < start || bins[Math.floor((this.x0[i] - start) / BIN)] <= most);
  }

  /** @param {(i: number) => boolean} wanted */
  keep(wanted) {
    let n = 0;
    for (let i = 0; i < this.count; i++) {
      if (!wanted(i)) continue;
      for (const column of [this.index, this.x0, this.y0, this.x1, this.y1]) column[n] = column[i];
      n++;
    }
    this.count = n;
  }

  /**
   * The place of a message among the segments, -1 if it is not there.
   * @param {number} index
   */
  find(index) {
    return this.index.subarray(0, this.count).indexOf(index);
  }

  /**
   * Whether a pixel lies where density is shown.
   * @param {number} x
   */
  isDense(x) {
    return this.dense.some((s) => x >= s.x0 && x < s.x1);
  }
}

/**
 * @param {Int32Array} bins
 * @param {number} most
 * @param {number} start
 * @returns {Stretch[]}
 */
function stretches(bins, most, start) {
  /** @type {Stretch[]} */
  const out = [];
  bins.forEach((count, i) => {
    if (count <= most) return;
    const x0 = start + i * BIN;
    const last = out[out.length - 1];
    if (last && last.x1 === x0) last.x1 += BIN;
    else out.push({ x0, x1: x0 + BIN });
  });
  return out;
}
