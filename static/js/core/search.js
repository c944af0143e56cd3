// @ts-check
// Finding events: by number, by zxid, or by what their sentence says.

import { ARGS, KIND, hex, keyOf } from "./row.js";
import { HIDDEN } from "./vocabulary.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./catalogue.js").Catalogue} Catalogue */

const SLICE = 500; // events looked at before others get a turn

/**
 * Reads a place to go to: the number of an event, or a zxid as 2:1 or 0x200000001.
 * @param {Store} store
 * @param {string} words
 * @returns {number} the number of an event, 0 if the words name no place, -1 if there is no such event
 */
export function placeOf(store, words) {
  if (/^\d+$/.test(words)) {
    const seq = Number(words);
    return seq >= 1 && seq <= store.trace.length ? seq : -1;
  }
  const zxid = zxidOf(words);
  return zxid ? firstAbout(store, zxid) || -1 : 0;
}

/**
 * @param {string} words
 * @returns {[number, number] | undefined}
 */
function zxidOf(words) {
  const pair = /^(\d+):(\d+)$/.exec(words);
  if (pair) return [Number(pair[1]), Number(pair[2])];
  if (!/^0x[0-9a-f]{1,16}$/i.test(words)) return undefined;
  const n = BigInt(words);
  return [Number(n >> 32n), Number(n & 0xffffffffn)];
}

/**
 * @param {Store} store
 * @param {[number, number]} zxid
 */
function firstAbout(store, zxid) {
  const key = keyOf(zxid);
  for (let seq = 1; seq <= store.trace.length; seq++) {
    if (store.trace.at(seq)?.[ARGS].some((v) => Array.isArray(v) && keyOf(v) === key)) return seq;
  }
  return 0;
}

/**
 * Looks for the next event whose sentence, kind or class holds all the words.
 * @param {Store} store
 * @param {Catalogue} catalogue
 * @param {string} words
 * @param {{from: number, step: 1 | -1, pause: () => Promise<boolean>}} how pause lets others have a turn,
 *   and says whether to go on
 * @returns {Promise<number>} 0 if there is none that way
 */
export async function find(store, catalogue, words, { from, step, pause }) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  let looked = 0;
  for (let seq = from + step; seq >= 1 && seq <= store.trace.length; seq += step) {
    if (++looked % SLICE === 0 && !(await pause())) return 0;
    if (store.trace.depth.data[seq - 1] >= HIDDEN && !store.showHidden) continue;
    const said = describe(store, catalogue, seq).toLowerCase();
    if (wanted.every((w) => said.includes(w))) return seq;
  }
  return 0;
}

/**
 * @param {Store} store
 * @param {Catalogue} catalogue
 * @param {number} seq
 */
function describe(store, catalogue, seq) {
  const row = store.trace.at(seq);
  if (!row) return "";
  const { name, source } = store.trace.vocabulary.kinds[row[KIND]];
  return [catalogue.event(store.trace, row), name, source, ...row[ARGS].map(hex)].join(" ");
}
