// @ts-check
// The whole state of one machine at the cursor. It knows no protocol: every field of the visible state
// is shown by its name.

import { duration } from "../core/axis.js";
import { nice } from "../core/changes.js";
import { FROZEN, LEADING } from "../core/roles.js";
import { text } from "../core/row.js";
import { baseName } from "../core/timers.js";
import { h, lines } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */
/** @typedef {import("../core/fold.js").State} State */
/** @typedef {import("../core/row.js").Value} Value */
/** @typedef {import("../core/vocabulary.js").FieldInfo} FieldInfo */

const MOST = 40; // entries of a map that are listed
const ELSEWHERE = ["tree", "timers"]; // fields with a view of their own

/** Makes the parts of the inspector that show a machine. */
export class ServerView {
  /**
   * @param {Store} store
   * @param {Catalogue} catalogue
   */
  constructor(store, catalogue) {
    this.store = store;
    this.catalogue = catalogue;
  }

  /**
   * @param {number} id
   * @returns {Node[]}
   */
  parts(id) {
    const state = this.store.world.states.get(id);
    const { roles } = this.store.lanes;
    const name = this.store.trace.header.machines.find((m) => m.id === id)?.name ?? "";
    const word = roles.word(this.store.world, id) || this.catalogue.ui("server.absent");
    return [
      h("p", { class: "when" }, this.catalogue.ui("server.when", { seconds: (this.store.now / 1e9).toFixed(3), seq: this.store.cursor })),
      h("h3", { class: "name" }, this.catalogue.ui("server.name", { name, word })),
      ...this.elected(id),
      ...(state ? this.fields(state, id) : []),
    ];
  }

  /**
   * The way to the event in which a leader was elected, which says why.
   * @param {number} id
   * @returns {Node[]}
   */
  elected(id) {
    const { trace, world, cursor, lanes } = this.store;
    if (lanes.roles.of(world, id) % FROZEN !== LEADING) return [];
    const kind = trace.vocabulary.kind("fle.elected");
    for (let seq = cursor; seq > 0; seq--) {
      if (trace.kind.data[seq - 1] !== kind || trace.node.data[seq - 1] !== id) continue;
      return [h("button", { type: "button", class: "go", "data-seq": seq }, this.catalogue.ui("server.why", { id }))];
    }
    return [];
  }

  /**
   * @param {State} state
   * @param {number} id
   * @returns {Node[]}
   */
  fields(state, id) {
    const { fields } = this.store.trace.vocabulary;
    /** @type {[string, string][]} */
    const scalars = [];
    /** @type {Node[]} */
    const rest = [];
    fields.forEach((info, field) => {
      if (ELSEWHERE.includes(info.name)) return;
      const values = state.scalars.get(field) ?? [];
      if (values.length > 0) scalars.push([info.name, columnsOf(info, values)]);
      const list = state.lists.get(field) ?? [];
      if (list.length > 0) scalars.push([info.name, this.list(list)]);
      rest.push(...this.map(info, state, field));
    });
    return [lines(scalars), ...this.timers(id), ...rest];
  }

  /** @param {Value[][]} list */
  list(list) {
    const last = list[list.length - 1].map(text);
    return this.catalogue.ui("server.list", { n: list.length, last: last.slice(0, 3).filter(Boolean).join(" ") });
  }

  /** @param {number} id */
  timers(id) {
    const all = this.store.timers.running(this.store.world, id);
    if (all.length === 0) return [];
    /** @type {Map<string, string>} those for several connections stand together */
    const rows = new Map();
    for (const { name, at } of all) {
      const left = duration(Math.max(0, at - this.store.now));
      const words = this.catalogue.ui("server.timer", { left, seconds: (at / 1e9).toFixed(3) });
      const key = baseName(name);
      rows.set(key, rows.has(key) ? `${rows.get(key)}\n${words}` : words);
    }
    return [h("h3", {}, "timers"), lines([...rows])];
  }

  /**
   * @param {FieldInfo} info
   * @param {State} state
   * @param {number} field
   */
  map(info, state, field) {
    const entries = [...(state.maps.get(field)?.values() ?? [])];
    if (entries.length === 0) return [];
    const rows = entries.slice(0, MOST).map(({ key, values }) =>
      /** @type {[string, string]} */ ([nice(key), columnsOf(info, values)]));
    const more = entries.length - MOST;
    const note = more > 0 ? [h("p", { class: "hint" }, this.catalogue.ui("links.more", { n: more }))] : [];
    return [h("h3", {}, info.name), lines(rows), ...note];
  }
}

/**
 * @param {FieldInfo} info
 * @param {Value[]} values
 */
function columnsOf(info, values) {
  if (values.length === 1) return nice(values[0]);
  return values.map((v, i) => `${info.columns[i] ?? ""} ${nice(v)}`).join(" · ");
}
