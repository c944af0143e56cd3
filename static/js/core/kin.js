// @ts-check
// Runs that branch off from one another, as seen from one of them.

/** @typedef {import("./deeds.js").Deed} Deed */
/**
 * A run of the family: from is the run that it branches off from, after the last event that both have,
 * deed what was done first in it alone.
 * @typedef {{id: string, from?: string, after?: number, deed?: Deed}} Branch
 */
/** A branch in the order of a tree: common is the last event that it has in common with the run that looks.
 * @typedef {Branch & {common: number, depth: number}} Kin */

/**
 * The way from a branch to where all began, with the last event on each of its steps that it has in
 * common with the run there. A run that is no longer kept ends the way.
 * @param {Branch[]} family
 * @param {string} id
 */
function way(family, id) {
  /** @type {Map<string, number>} */
  const out = new Map();
  let common = Infinity;
  for (let at = id; !out.has(at); ) {
    out.set(at, common);
    const branch = family.find((b) => b.id === at);
    if (!branch?.from) break;
    common = Math.min(common, branch.after ?? 0);
    at = branch.from;
  }
  return out;
}

/**
 * The last event that two runs of a family have in common, Infinity for a run and itself.
 * @param {Branch[]} family
 * @param {string} a
 * @param {string} b
 */
export function commonOf(family, a, b) {
  const other = way(family, b);
  for (const [id, common] of way(family, a)) {
    const there = other.get(id);
    if (there !== undefined) return Math.min(common, there);
  }
  return 0;
}

/**
 * All runs of a family, each followed by those that branch off from it, in the order in which they were
 * made.
 * @param {Branch[]} family
 * @param {string} here the run that looks
 * @returns {Kin[]}
 */
export function kinOf(family, here) {
  const known = new Set(family.map(({ id }) => id));
  /** @type {(of: Branch[], depth: number) => Kin[]} */
  const list = (of, depth) => of.flatMap((b) => [{ ...b, depth, common: commonOf(family, b.id, here) },
    ...list(family.filter(({ from }) => from === b.id), depth + 1)]);
  return list(family.filter(({ from }) => !from || !known.has(from)), 0);
}

/**
 * What was done, as one line.
 * @param {Deed} deed
 */
export function lineOf(deed) {
  return deed.do ?? `[${deed.server}] ${deed.cli}`;
}
