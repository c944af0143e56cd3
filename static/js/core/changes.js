// @ts-check
// What an event changed, as values before and after, read off the fold.

import { NODE, OPS, keyOf, text } from "./row.js";

/** @typedef {import("./row.js").Row} Row */
/** @typedef {import("./row.js").Op} Op */
/** @typedef {import("./row.js").Value} Value */
/** @typedef {import("./fold.js").State} State */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {{field: string, key: string, before: string, after: string}} Change "" where there is nothing */

const SET = 1;
const APPEND = 2;
const CUT = 3;
const RESET = 6;

/**
 * @param {Store} store
 * @param {Row} row
 * @returns {Change[]} only what differs
 */
export function changesOf(store, row) {
  const before = store.history.at(row[0] - 1).states.get(row[NODE]);
  const out = row[OPS].flatMap((op) => changeOf(store, before, op));
  store.history.at(store.cursor);
  return out.filter((c) => c.before !== c.after);
}

/**
 * @param {Store} store
 * @param {State | undefined} state before the event
 * @param {Op} op
 * @returns {Change[]}
 */
function changeOf(store, state, [code, field, key, values]) {
  const info = store.trace.vocabulary.fields[field];
  switch (code) {
    case SET:
      return columns(info.name, info.columns, state?.scalars.get(field) ?? [], values);
    case APPEND:
      return [{ field: info.name, key: "", before: "", after: values.map(text).join(" ") }];
    case CUT: {
      const gone = (state?.lists.get(field) ?? []).slice(Number(key)).map((v) => text(v[0]));
      return [{ field: info.name, key: "", before: gone.join(" "), after: "" }];
    }
    case RESET:
      return [];
  }
  const entries = state?.maps.get(field);
  if (key === null) return dropAll(info.name, entries);
  const old = entries?.get(keyOf(key))?.values ?? [];
  return [{ field: info.name, key: nice(key), before: worded(info.name, old), after: worded(info.name, values) }];
}

/**
 * @param {string} field
 * @param {Map<string, import("./fold.js").Entry> | undefined} entries
 * @returns {Change[]}
 */
function dropAll(field, entries) {
  return [...(entries?.values() ?? [])].map(({ key, values }) =>
    ({ field, key: nice(key), before: worded(field, values), after: "" }));
}

/**
 * @param {string} field
 * @param {string[]} names of the columns
 * @param {Value[]} before
 * @param {Value[]} after
 * @returns {Change[]}
 */
function columns(field, names, before, after) {
  const width = Math.max(before.length, after.length);
  return Array.from({ length: width }, (_, i) => ({
    field, key: names.length > 1 ? names[i] : "",
    before: i < before.length ? text(before[i]) : "", after: i < after.length ? text(after[i]) : "",
  }));
}

/**
 * @param {string} field
 * @param {Value[]} values
 */
function worded(field, values) {
  if (field === "timers") return values.map((v) => `${(Number(v) / 1e9).toFixed(3)} s`).join(" ");
  return values.map((v) => nice(v)).join(" ");
}

/**
 * Writes a value; numbers so large that they must be ids of sessions or connections in hex.
 * @param {Value} value
 */
export function nice(value) {
  const plain = text(value);
  return /^\d{12,}$/.test(plain) ? `0x${BigInt(plain).toString(16)}` : plain;
}
