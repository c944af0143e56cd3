// @ts-check
// The transaction logs: one row per server, columns by zxid, so that a hole is a hole.

import { compareZxids, keyOf, text, OPS, NODE } from "../core/row.js";
import { FIRST_CLIENT, WORLD } from "../core/vocabulary.js";
import { h } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/row.js").Value} Value */
/** @typedef {{id: number, entries: Map<string, number>, zxids: Value[], durable: number,
 *   committed: Value | undefined, cut: Map<string, Value>}} Row */

const COLUMNS = 60; // newest columns kept in the table; older ones are counted
const CUT = 3; // node.OpCut

/** Keeps the table of logs. */
export class Logs {
  /**
   * @param {HTMLElement} element
   * @param {Store} store
   */
  constructor(element, store) {
    this.element = element;
    this.store = store;
    const { vocabulary } = store.trace;
    this.log = vocabulary.field("log");
    this.durable = vocabulary.field("logDurable");
    this.committed = vocabulary.field("logCommitted");
    this.ids = store.trace.header.machines.map((m) => m.id).filter((id) => id !== WORLD && id < FIRST_CLIENT);
    this.shown = "";
  }

  draw() {
    const rows = this.ids.map((id) => this.row(id));
    const key = JSON.stringify(rows.map((r) => [r.zxids, r.durable, r.committed, [...r.cut.keys()]]));
    if (key === this.shown) return;
    this.shown = key;
    const columns = this.columns(rows);
    const table = h("table", { class: "log-table" });
    for (const row of rows) table.append(this.line(row, columns), this.notes(row, columns.length));
    this.element.replaceChildren(columns.length > 0 ? table : h("p", { class: "hint" }, "Nothing is logged yet. Write something."));
    this.element.scrollLeft = this.element.scrollWidth;
  }

  /**
   * @param {number} id
   * @returns {Row}
   */
  row(id) {
    const state = this.store.world.states.get(id);
    const zxids = (state?.lists.get(this.log) ?? []).map((values) => values[0]);
    return {
      id, zxids, entries: new Map(zxids.map((z, i) => [keyOf(z), i])),
      durable: Number(state?.scalars.get(this.durable)?.[0] ?? 0),
      committed: this.knownCommitted(id), cut: this.cutHere(id),
    };
  }

  /**
   * The last zxid that a server knows as committed: what it says or, once it broadcasts, what it has
   * applied. Before that it may have applied what it merely found in its log.
   * @param {number} id
   * @returns {Value | undefined}
   */
  knownCommitted(id) {
    const { world, lanes } = this.store;
    const said = world.scalar(id, this.committed);
    const applied = world.scalar(id, lanes.roles.phase) === "BROADCAST" ? world.scalar(id, lanes.roles.zxid) : undefined;
    return compareZxids(said, applied) < 0 ? applied : said;
  }

  /**
   * The entries that the event at the cursor cuts off a server's log.
   * @param {number} id
   * @returns {Map<string, Value>}
   */
  cutHere(id) {
    const { store } = this;
    const event = store.event;
    const cut = event?.[NODE] === id && event[OPS].find(([code, field]) => code === CUT && field === this.log);
    if (!cut) return new Map();
    const before = store.history.at(store.cursor - 1).states.get(id)?.lists.get(this.log) ?? [];
    const doomed = before.slice(Number(cut[2])).map((values) => values[0]);
    store.history.at(store.cursor);
    return new Map(doomed.map((z) => [keyOf(z), z]));
  }

  /**
   * All zxids that any log has, in order, the newest few.
   * @param {Row[]} rows
   * @returns {Value[]}
   */
  columns(rows) {
    /** @type {Map<string, Value>} */
    const all = new Map();
    for (const row of rows) {
      for (const z of row.zxids.slice(-COLUMNS)) all.set(keyOf(z), z);
      for (const [key, z] of row.cut) all.set(key, z);
    }
    return [...all.values()].sort(compareZxids).slice(-COLUMNS);
  }

  /**
   * @param {Row} row
   * @param {Value[]} columns
   */
  line(row, columns) {
    const line = h("tr", {}, h("th", { scope: "row" }, String(row.id)));
    for (const zxid of columns) {
      const [state, said] = stateOf(row, zxid);
      const number = state === "missing" ? "" : text(zxid);
      line.append(h("td", { class: `cell cell-${state}`, title: `${text(zxid)} ${said}` }, number,
        h("span", { class: "hidden" }, ` ${said}`)));
    }
    line.append(h("td", { class: "rest" }));
    return line;
  }

  /**
   * @param {Row} row
   * @param {number} width
   */
  notes(row, width) {
    const last = (/** @type {Value | undefined} */ z) => (z === undefined ? "none" : text(z));
    const words = `logged ${last(row.zxids.at(-1))} · on disk ${last(row.zxids[row.durable - 1])} · ` +
      `committed ${last(row.committed)}`;
    return h("tr", {}, h("td", {}), h("td", { class: "log-notes", colspan: width + 1 }, words));
  }
}

/**
 * @param {Row} row
 * @param {Value} zxid
 * @returns {[state: string, said: string]}
 */
function stateOf(row, zxid) {
  const key = keyOf(zxid);
  const at = row.entries.get(key);
  if (at === undefined) return row.cut.has(key) ? ["cut", "is cut off here"] : ["missing", "not in this log"];
  if (row.committed !== undefined && compareZxids(zxid, row.committed) <= 0) return ["committed", "committed"];
  return at < row.durable ? ["durable", "on disk, not committed"] : ["logged", "logged, not synced to disk"];
}
