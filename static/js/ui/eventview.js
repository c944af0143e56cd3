// @ts-check
// One event explained: what it is, why it happened, how it was decided, what it changed, what stood on
// the wire, where ZooKeeper does the same.

import { changesOf, nice } from "../core/changes.js";
import { plateOf } from "../core/family.js";
import { Hosts } from "../core/hosts.js";
import { ARGS, CAUSE, CHECKS, KIND, NODE, OPS, TIME, hex, text } from "../core/row.js";
import { sourceAddress } from "../core/sources.js";
import { WORLD, shortName } from "../core/vocabulary.js";
import { why } from "../core/why.js";
import { bytesView, fieldsOf } from "./bytes.js";
import { h, lines } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/row.js").Row} Row */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */

const LINKS = 8; // effects that are listed, at most
const REASONS = 7; // steps of the answer to why, at most

/** Makes the parts of the inspector that explain an event. */
export class EventView {
  /**
   * @param {Store} store
   * @param {Catalogue} catalogue
   */
  constructor(store, catalogue) {
    this.store = store;
    this.catalogue = catalogue;
    this.hosts = new Hosts(store.trace);
  }

  /**
   * @param {Row} row
   * @returns {Node[]}
   */
  parts(row) {
    const { trace } = this.store;
    const kind = trace.vocabulary.kinds[row[KIND]];
    const sending = this.sending(row);
    const wire = sending ? fieldsOf(this.store, this.hosts, sending) : [];
    return [
      h("p", { class: "when" }, this.when(row)),
      h("h3", { class: "name" }, this.title(row)),
      h("p", { class: "why" }, this.catalogue.event(trace, row)),
      ...this.checks(row),
      ...this.reasons(row),
      ...this.section("fields", wire.length > 0 && sending === row ? [] : this.fields(row, kind.args)),
      ...this.changes(row),
      ...bytesView(this.catalogue, wire),
      ...this.source(kind.source || this.sourceOf(sending)),
      ...this.links(row),
    ];
  }

  /** @param {Row} row */
  when(row) {
    return this.catalogue.ui("event.when", { seq: row[0], seconds: (row[TIME] / 1e9).toFixed(6), cause: row[CAUSE] });
  }

  /**
   * The event in which the message was sent that an event is about.
   * @param {Row} row
   */
  sending(row) {
    const i = this.store.arrows.of(row[0]);
    return i < 0 ? undefined : this.store.trace.at(this.store.arrows.send.data[i]);
  }

  /** @param {Row | undefined} row */
  sourceOf(row) {
    return row ? this.store.trace.vocabulary.kinds[row[KIND]].source : "";
  }

  /**
   * A message by its name and way, anything else by its kind in words and its place.
   * @param {Row} row
   */
  title(row) {
    const { arrows, trace } = this.store;
    const sending = this.sending(row);
    if (sending) {
      const i = arrows.of(row[0]);
      const names = { packet: plateOf(trace.vocabulary, sending), from: shortName(arrows.from.data[i]), to: shortName(arrows.to.data[i]) };
      return this.catalogue.ui(arrows.lost.data[i] && row !== sending ? "event.lost" : "event.packet", names);
    }
    const name = this.catalogue.title(trace.vocabulary.kinds[row[KIND]].name);
    return row[NODE] === WORLD ? name : this.catalogue.ui("event.at", { name, server: shortName(row[NODE]) });
  }

  /** @param {Row} row */
  checks(row) {
    if (row[CHECKS].length === 0) return [];
    const body = h("tbody", {}, ...row[CHECKS].map((check) => this.check(check)));
    return [h("h3", {}, this.catalogue.ui("checks.title")), h("table", { class: "checks" }, body)];
  }

  /** @param {import("../core/row.js").Check} check */
  check(check) {
    const [code, answer, deciding, values] = check;
    const { trace } = this.store;
    const names = trace.vocabulary.checks[code].values;
    const given = values.map((v, i) => `${names[i]} ${nice(v)}`).join(" · ");
    const said = h("td", { class: "answer" }, this.catalogue.ui(answer ? "checks.yes" : "checks.no"));
    if (deciding) said.append(h("span", { class: "decides" }, this.catalogue.ui("checks.decides")));
    return h("tr", { class: deciding ? "deciding" : undefined },
      h("td", {}, this.catalogue.ask(trace, check), h("span", { class: "values" }, given)), said);
  }

  /**
   * @param {Row} row
   * @param {string[]} names
   * @returns {[string, string][]}
   */
  fields(row, names) {
    return row[ARGS].map((value, i) => {
      const plain = nice(value);
      return [names[i] ?? String(i + 1), Array.isArray(value) ? `${plain}  ${hex(value)}` : plain];
    });
  }

  /** @param {Row} row */
  changes(row) {
    if (row[OPS].length === 0) return [];
    const none = this.catalogue.ui("changes.none");
    const body = changesOf(this.store, row).map(({ field, key, before, after }) => h("tr", {},
      h("th", { scope: "row" }, key ? `${field} ${key}` : field),
      h("td", {}, h("span", { class: "before" }, before || none), " → ", h("span", { class: "after" }, after || none))));
    if (row[OPS].some(([code]) => code === 6)) body.unshift(h("tr", {}, h("td", { colspan: 2 }, this.catalogue.ui("changes.reset"))));
    if (body.length === 0) return [];
    return [h("h3", {}, this.catalogue.ui("changes.title")), h("table", { class: "facts-table" }, h("tbody", {}, ...body))];
  }

  /**
   * @param {string} name
   * @param {[string, string][]} rows
   */
  section(name, rows) {
    return rows.length === 0 ? [] : [h("h3", {}, this.catalogue.ui(`${name}.title`)), lines(rows)];
  }

  /** @param {string} source */
  source(source) {
    if (!source) return [];
    const address = sourceAddress(source);
    const name = address ? h("a", { class: "source", href: address, target: "_blank", rel: "noopener" }, source) : source;
    return [h("h3", {}, this.catalogue.ui("source.title")), h("code", {}, name)];
  }

  /**
   * The decisions behind the event, back to where it all began; nothing where the cause says as much.
   * @param {Row} row
   */
  reasons(row) {
    const { chain, more } = why(this.store.trace, row[0], REASONS);
    if (chain.length === 0 || (chain.length === 1 && chain[0] === row[CAUSE])) return [];
    const items = chain.map((seq) => h("li", {}, this.link(seq)));
    if (more > 0) items.splice(-1, 0, h("li", { class: "hint" }, this.catalogue.ui("links.more", { n: more })));
    return [h("h3", {}, this.catalogue.ui("why.title")), h("ol", { class: "reasons" }, ...items)];
  }

  /** @param {Row} row */
  links(row) {
    const effects = this.store.trace.effects(row[0]);
    const out = [];
    if (row[CAUSE] > 0) out.push(h("h3", {}, this.catalogue.ui("links.cause"), " (", h("kbd", {}, ","), ")"), this.link(row[CAUSE]));
    if (effects.length > 0) out.push(h("h3", {}, this.catalogue.ui("links.effects"), " (", h("kbd", {}, ";"), ")"));
    for (const seq of effects.slice(0, LINKS)) out.push(this.link(seq));
    const rest = effects.length - LINKS;
    if (rest > 0) out.push(h("p", { class: "hint" }, this.catalogue.ui("links.more", { n: rest })));
    return out;
  }

  /** @param {number} seq */
  link(seq) {
    const row = this.store.trace.at(seq);
    const words = row ? this.catalogue.event(this.store.trace, row) : "";
    return h("div", {}, h("button", { type: "button", class: "go", "data-seq": seq },
      h("span", { class: "number" }, text(seq)), " ", words));
  }
}
