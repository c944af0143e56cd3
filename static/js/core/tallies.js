// @ts-check
// How many events of which kind there are between any two, for pictures in which one cannot be told
// from the other.

import { Column, lowerBound } from "./columns.js";

/**
 * Sorted numbers of events, one list for each lane and sort. However long the run, counting a
 * stretch takes two look-ups.
 */
export class Tallies {
  /** @param {number} sorts how many sorts there are */
  constructor(sorts) {
    this.sorts = sorts;
    /** @type {Map<number, Column[]>} by lane, then sort */
    this.lanes = new Map();
  }

  /**
   * @param {number} seq greater than any before
   * @param {number} lane
   * @param {number} sort
   */
  append(seq, lane, sort) {
    let lists = this.lanes.get(lane);
    if (!lists) {
      lists = Array.from({ length: this.sorts }, () => new Column(Int32Array));
      this.lanes.set(lane, lists);
    }
    lists[sort].push(seq);
  }

  /**
   * The list of a lane and sort, undefined if it is empty.
   * @param {number} lane
   * @param {number} sort
   */
  list(lane, sort) {
    const list = this.lanes.get(lane)?.[sort];
    return list && list.length > 0 ? list : undefined;
  }

  /**
   * How many there are in [from, to), over all lanes.
   * @param {number} sort
   * @param {number} from
   * @param {number} to
   */
  count(sort, from, to) {
    let sum = 0;
    for (const lists of this.lanes.values()) {
      const { data, length } = lists[sort];
      const low = lowerBound(data, length, from);
      sum += lowerBound(data, length, to, low) - low;
    }
    return sum;
  }
}
