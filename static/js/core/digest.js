// @ts-check
// Many events as one message, for those who listen while the run plays.

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./catalogue.js").Catalogue} Catalogue */

const SENTENCES = 2; // said in full, at most

/**
 * Merges what has happened since an event: events of one kind are counted, the latest kinds come in full.
 * @param {Store} store
 * @param {Catalogue} catalogue
 * @param {{after: number, depth: number}} from
 * @returns {{words: string, last: number}} last is the number of the last event told, 0 if there is nothing
 */
export function digest(store, catalogue, { after, depth }) {
  /** @type {Map<number, number[]>} numbers of events by kind */
  const kinds = new Map();
  let last = 0;
  for (let seq = after + 1; seq <= store.trace.length; seq++) {
    if (store.trace.depth.data[seq - 1] > depth) continue;
    const kind = store.trace.kind.data[seq - 1];
    kinds.set(kind, [...(kinds.get(kind) ?? []).slice(-99), seq]);
    last = seq;
  }
  const groups = [...kinds.values()].sort((a, b) => (b.at(-1) ?? 0) - (a.at(-1) ?? 0));
  const told = groups.slice(0, SENTENCES).reverse().map((seqs) => one(store, catalogue, seqs));
  const rest = groups.slice(SENTENCES).reduce((n, seqs) => n + seqs.length, 0);
  if (rest > 0) told.push(catalogue.ui("said.more", { n: rest }));
  return { words: told.join(" "), last };
}

/**
 * @param {Store} store
 * @param {Catalogue} catalogue
 * @param {number[]} seqs of one kind
 */
function one(store, catalogue, seqs) {
  const row = store.trace.at(seqs[seqs.length - 1]);
  const words = row ? catalogue.event(store.trace, row) : "";
  return seqs.length === 1 ? words : catalogue.ui("said.times", { words, n: seqs.length });
}
