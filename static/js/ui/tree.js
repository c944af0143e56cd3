// @ts-check
// The tree of nodes and the sessions as one server has them.

import { nice } from "../core/changes.js";
import { serverIds } from "../core/quorum.js";
import { LEADING } from "../core/roles.js";
import { text } from "../core/row.js";
import { nodesOf } from "../core/tree.js";
import { h } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */
/** @typedef {import("../core/row.js").Value} Value */

const MOST = 400; // nodes that are listed

/**
 * The server whose tree is shown: the one selected, else a leader, else the first.
 * @param {Store} store
 */
function shownServer(store) {
  if (store.server > 0) return store.server;
  const ids = serverIds(store);
  return ids.find((id) => store.lanes.roles.of(store.world, id) === LEADING) ?? ids[0];
}

/**
 * @param {string[]} names
 * @param {HTMLElement[]} rows
 */
function table(names, rows) {
  const head = h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name)));
  return h("table", { class: "node-table" }, h("thead", {}, head), h("tbody", {}, ...rows));
}

/** What both tabs have in common: they are made anew when what they show has changed. */
class Tab {
  /**
   * @param {HTMLElement} element
   * @param {Store} store
   * @param {Catalogue} catalogue
   */
  constructor(element, store, catalogue) {
    this.element = element;
    this.store = store;
    this.catalogue = catalogue;
    this.shown = "";
  }

  draw() {
    if (this.element.hidden) return;
    const id = shownServer(this.store);
    const key = `${id} ${this.store.cursor}`;
    if (key === this.shown) return;
    this.shown = key;
    this.element.replaceChildren(h("p", { class: "legend" }, this.catalogue.ui("tree.of", { id })), ...this.parts(id));
  }

  /**
   * @param {number} _id
   * @returns {Node[]}
   */
  parts(_id) {
    return [];
  }
}

/** Keeps the tab with the tree. */
export class TreeTab extends Tab {
  /**
   * @override
   * @param {number} id
   */
  parts(id) {
    const nodes = nodesOf(this.store, this.store.world, id);
    if (nodes.length === 0) return [h("p", { class: "hint" }, this.catalogue.ui("tree.empty"))];
    const names = ["node", "data", "version", "mzxid", "owner"].map((name) => this.catalogue.ui(`tree.${name}`));
    const rows = nodes.slice(0, MOST).map((node) => this.line(node));
    const rest = nodes.length - MOST;
    return [table(names, rows), ...(rest > 0 ? [h("p", { class: "hint" }, this.catalogue.ui("links.more", { n: rest }))] : [])];
  }

  /** @param {import("../core/tree.js").Node} node */
  line({ path, name, depth, values, changed }) {
    const [data, , mzxid, , version, , , owner] = values;
    const label = h("th", { scope: "row", title: path }, name);
    label.style.paddingInlineStart = `${Math.max(0, depth - 1) * 16 + (depth > 0 ? 12 : 0)}px`;
    const row = h("tr", { class: changed ? "changed" : undefined }, label, h("td", { class: "data" }, text(data)),
      h("td", {}, text(version)), h("td", {}, text(mzxid)), h("td", {}, Number(owner) === 0 ? "" : nice(owner)));
    if (changed) label.append(" ", h("span", { class: "decides" }, this.catalogue.ui("tree.changed")));
    return row;
  }
}

/** Keeps the tab with the sessions. */
export class SessionsTab extends Tab {
  /**
   * @override
   * @param {number} id
   */
  parts(id) {
    const state = this.store.world.states.get(id);
    const sessions = [...(state?.maps.get(this.store.trace.vocabulary.field("sessions"))?.values() ?? [])];
    if (sessions.length === 0) return [h("p", { class: "hint" }, this.catalogue.ui("sessions.empty"))];
    const nodes = nodesOf(this.store, this.store.world, id);
    const rows = sessions.map(({ key, values }) => h("tr", {}, h("th", { scope: "row" }, nice(key)),
      h("td", {}, this.catalogue.ui("sessions.milliseconds", { n: values[0] })),
      h("td", {}, nodes.filter((n) => text(n.values[7]) === text(key)).map((n) => n.path).join(" "))));
    return [table(["session", "timeout", "ephemerals"].map((name) => this.catalogue.ui(`sessions.${name}`)), rows)];
  }
}
