// @ts-check
// The inspector: everything about the event looked at, and why it happened.

import { seconds } from "../core/axis.js";
import { plateOf } from "../core/family.js";
import { ARGS, CAUSE, CHECKS, KIND, NODE, OPS, TIME, hex, text } from "../core/row.js";
import { FIRST_CLIENT, WORLD } from "../core/vocabulary.js";
import { h } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/row.js").Row} Row */
/** @typedef {import("../core/row.js").Op} Op */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */

const LINKS = 8; // effects that are listed, at most

/** Names of operations, by node.OpCode. */
const operations = ["", "becomes", "gains", "is cut to", "gets", "loses", "starts anew"];

/** Keeps the panel that explains one event. */
export class Inspector {
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
    element.addEventListener("click", (e) => {
      const seq = e.target instanceof HTMLElement ? Number(e.target.dataset.seq) : 0;
      if (seq > 0) store.select(seq);
    });
  }

  draw() {
    const { store } = this;
    const row = store.trace.at(this.seq());
    const effects = row ? store.trace.effects(row[0]) : [];
    const key = `${row?.[0]} ${effects.length}`;
    if (key === this.shown) return;
    this.shown = key;
    this.element.replaceChildren(...(row ? this.parts(row, effects) : [h("p", {}, "Nothing has happened yet.")]));
  }

  /** The event explained: the one at the cursor or, at the head, the last that is worth it. */
  seq() {
    const { store } = this;
    if (!store.following) return store.cursor;
    const last = store.trace.length + 1;
    return store.trace.near(last, -1, 0) || store.cursor;
  }

  /**
   * @param {Row} row
   * @param {number[]} effects
   * @returns {Node[]}
   */
  parts(row, effects) {
    const kind = this.store.trace.vocabulary.kinds[row[KIND]];
    return [
      h("p", { class: "when" }, `Event ${row[0]} · ${seconds(row[TIME])}`),
      h("h2", { class: "name" }, this.headline(row, kind.name)),
      h("p", { class: "why" }, this.catalogue.event(this.store.trace, row)),
      ...this.checks(row),
      ...section("Fields", this.fields(row, kind.args)),
      ...section("What changed", this.changes(row)),
      ...(kind.source ? [h("h3", {}, "In ZooKeeper"), h("code", {}, kind.source)] : []),
      ...this.links(row, effects),
    ];
  }

  /**
   * A message by its name and way, anything else by its kind and place.
   * @param {Row} row
   * @param {string} name
   */
  headline(row, name) {
    const { arrows, trace } = this.store;
    const i = arrows.of(row[0]);
    if (i < 0) return row[NODE] === WORLD ? name : `${name} · ${nameOf(row[NODE])}`;
    const sending = trace.rows[arrows.send.data[i] - 1];
    const way = `${nameOf(arrows.from.data[i])} → ${nameOf(arrows.to.data[i])}`;
    return `${plateOf(trace.vocabulary, sending)} ${way}`;
  }

  /** @param {Row} row */
  checks(row) {
    if (row[CHECKS].length === 0) return [];
    const body = h("tbody");
    for (const check of row[CHECKS]) {
      const [, answer, deciding] = check;
      const line = h("tr", { class: deciding ? "deciding" : undefined },
        h("td", {}, this.catalogue.ask(this.store.trace, check)),
        h("td", { class: "answer" }, answer ? "yes" : "no"));
      if (deciding) line.append(h("td", {}, "decides"));
      body.append(line);
    }
    return [h("h3", {}, "Checks, in order"), h("table", { class: "checks" }, body)];
  }

  /**
   * @param {Row} row
   * @param {string[]} names
   * @returns {[string, string][]}
   */
  fields(row, names) {
    return row[ARGS].map((value, i) => {
      const plain = text(value);
      return [names[i] ?? String(i + 1), Array.isArray(value) ? `${plain}  ${hex(value)}` : plain];
    });
  }

  /**
   * @param {Row} row
   * @returns {[string, string][]}
   */
  changes(row) {
    const { fields } = this.store.trace.vocabulary;
    return row[OPS].map(([code, field, key, values]) => {
      const name = code === 6 ? "everything not on disk" : fields[field].name;
      const words = [operations[code], key === null ? "" : text(key), values.map(text).join(" ")];
      return [name, words.filter(Boolean).join(" ")];
    });
  }

  /**
   * @param {Row} row
   * @param {number[]} effects
   */
  links(row, effects) {
    const out = [];
    if (row[CAUSE] > 0) out.push(h("h3", {}, "Caused by"), this.link(row[CAUSE]));
    if (effects.length > 0) out.push(h("h3", {}, "Led to"));
    for (const seq of effects.slice(0, LINKS)) out.push(h("div", {}, this.link(seq)));
    if (effects.length > LINKS) out.push(h("p", { class: "hint" }, `and ${effects.length - LINKS} more`));
    return out;
  }

  /** @param {number} seq */
  link(seq) {
    const row = this.store.trace.at(seq);
    const words = row ? this.catalogue.event(this.store.trace, row) : "";
    return h("button", { type: "button", class: "go", "data-seq": seq }, `${seq}  ${words}`);
  }
}

/**
 * @param {string} title
 * @param {[string, string][]} lines
 */
function section(title, lines) {
  if (lines.length === 0) return [];
  const body = h("tbody");
  for (const [name, value] of lines) body.append(h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value)));
  return [h("h3", {}, title), h("table", { class: "facts-table" }, body)];
}

/** @param {number} id */
function nameOf(id) {
  return id >= FIRST_CLIENT ? `c${id - FIRST_CLIENT + 1}` : String(id);
}
