// @ts-check
// A message as bytes: the fields and where each of them stands, lit together.

import { wireOf } from "../core/layouts.js";
import { ARGS, KIND, NODE } from "../core/row.js";
import { hexOf } from "../core/wire.js";
import { h } from "./dom.js";
import { rove, settle } from "./roving.js";

/** @typedef {import("../core/row.js").Row} Row */
/** @typedef {import("../core/wire.js").Field} Field */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */

const ROW = "tr[data-field]";

/**
 * The fields of the message that a row sends.
 * @param {import("../core/store.js").Store} store
 * @param {import("../core/hosts.js").Hosts} hosts
 * @param {Row} row
 */
export function fieldsOf(store, hosts, row) {
  const { name, args } = store.trace.vocabulary.kinds[row[KIND]];
  const given = Object.fromEntries(args.map((arg, i) => [arg, row[ARGS][i]]));
  return wireOf(name, given, { config: hosts.config(store.world, row[NODE]) });
}

/**
 * @param {Catalogue} catalogue
 * @param {Field[]} fields
 * @returns {HTMLElement[]}
 */
export function bytesView(catalogue, fields) {
  if (fields.length === 0) return [];
  const table = h("table", { class: "facts-table wire" }, h("tbody", {}, ...fields.map((f, i) => line(catalogue, f, i))));
  const dump = h("div", { class: "bytes", tabindex: 0, role: "group", "aria-label": catalogue.ui("wire.title") }, ...fields.flatMap((f, i) => [run(catalogue, f, i), " "]));
  const all = h("div", { class: "wire-view" }, h("h3", {}, catalogue.ui("wire.title")), dump, table);
  for (const event of ["pointerover", "focusin"]) all.addEventListener(event, (e) => light(all, e.target));
  for (const event of ["pointerleave", "focusout"]) all.addEventListener(event, () => light(all, null));
  rove(table, ROW);
  settle(table, ROW);
  return [all];
}

/**
 * @param {Catalogue} catalogue
 * @param {Field} field
 * @param {number} i
 */
function line(catalogue, field, i) {
  const shown = field.bytes ? field.shown : catalogue.ui("wire.gap");
  return h("tr", { "data-field": i, tabindex: -1, class: field.bytes ? undefined : "gap" },
    h("th", { scope: "row" }, field.name), h("td", {}, shown));
}

/**
 * @param {Catalogue} catalogue
 * @param {Field} field
 * @param {number} i
 */
function run(catalogue, field, i) {
  if (field.bytes) return h("span", { class: "run", "data-field": i }, hexOf(field.bytes));
  return h("span", { class: "run gap", "data-field": i, title: catalogue.ui("wire.gap") }, "··");
}

/**
 * Lights the field under the pointer or the focus, in both views.
 * @param {HTMLElement} all
 * @param {EventTarget | null} target
 */
function light(all, target) {
  const part = target instanceof HTMLElement ? target.closest("[data-field]") : null;
  const field = part instanceof HTMLElement ? part.dataset.field : undefined;
  for (const element of all.querySelectorAll("[data-field]")) {
    element.classList.toggle("lit", /** @type {HTMLElement} */ (element).dataset.field === field);
  }
}
