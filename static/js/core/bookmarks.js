// @ts-check
// The moments that a viewer marked, kept for the next visit.

/** @typedef {{getItem: (key: string) => string | null, setItem: (key: string, value: string) => void}} Storage */

/** The marks of one run, by number of event. */
export class Bookmarks {
  /**
   * @param {string} run
   * @param {Storage} storage
   */
  constructor(run, storage) {
    this.key = `zabscope.marks.${run}`;
    this.storage = storage;
    /** @type {Set<number>} */
    this.seqs = new Set(JSON.parse(storage.getItem(this.key) ?? "[]"));
  }

  /**
   * Sets a mark, or takes away the one that is there.
   * @param {number} seq
   * @returns {boolean} whether it is there now
   */
  toggle(seq) {
    const had = this.seqs.delete(seq);
    if (!had) this.seqs.add(seq);
    this.storage.setItem(this.key, JSON.stringify(this.sorted()));
    return !had;
  }

  sorted() {
    return [...this.seqs].sort((a, b) => a - b);
  }
}
