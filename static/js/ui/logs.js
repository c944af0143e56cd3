// @ts-check
// The table of logs: one row per server, columns aligned by zxid, so that a hole is a hole. Only the
// columns in view are there as elements.

import { Logs as Model, columnsOf, made, stateOf, ticksOf } from "../core/logs.js";
import { serverIds } from "../core/quorum.js";
import { ARGS, keyOf, text } from "../core/row.js";
import { h, sizeOf } from "./dom.js";
import { arrowsIn } from "./grid.js";
import { tickMarks } from "./logticks.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */
/** @typedef {import("../core/logs.js").Log} Log */
/** @typedef {import("../core/row.js").Value} Value */

const HEAD = 40; // width of the server's id
const COLUMN = 74; // width of a column
const SPARE = 2; // columns beyond the edges
const ROW = { least: 38, most: 64 }; // height of a row, with the ticks under it
const TICKS = 22; // height of the ticks
const TIGHT = { least: 24, ticks: 6 }; // where not all rows fit in with their words

/** Keeps the table. */
export class Logs {
  /**
   * @param {HTMLElement} element
   * @param {Store} store
   * @param {Catalogue} catalogue
   * @param {() => number} zoom
   */
  constructor(element, store, catalogue, zoom = () => 1) {
    this.element = element;
    this.store = store;
    this.catalogue = catalogue;
    this.zoom = zoom;
    this.model = new Model(store);
    this.ids = serverIds(store);
    this.shown = "";
    this.key = "";
    /** @type {Log[]} */
    this.logs = [];
    /** @type {Value[]} */
    this.columns = [];
    this.followed = ""; // the zxid to which the view went last
    element.addEventListener("scroll", () => this.render());
    element.addEventListener("click", (e) => this.pick(e.target));
    arrowsIn(element, (cell) => this.pick(cell));
  }

  draw() {
    if (this.element.hidden) return;
    const key = JSON.stringify(this.ids.map((id) => this.model.key(id)));
    if (key !== this.key) {
      this.key = key;
      this.logs = this.ids.map((id) => this.model.of(id));
      this.columns = columnsOf(this.logs);
    }
    this.render();
    this.follow();
  }

  /** The zxid that the event at the cursor is about, "" for none. */
  lit() {
    const zxid = this.store.following ? undefined : this.store.event?.[ARGS].find(Array.isArray);
    return zxid ? keyOf(zxid) : "";
  }

  /** Goes along with the cursor, once for each place it goes to. */
  follow() {
    const lit = this.columns.findIndex((z) => keyOf(z) === this.lit());
    const at = lit >= 0 ? lit : this.columns.length - 1;
    const name = `${at} ${this.columns.length} ${lit} ${this.column} ${sizeOf(this.element).width}`;
    if (at < 0 || name === this.followed) return;
    this.followed = name;
    const { clientWidth, scrollLeft } = this.element;
    const [left, right] = [at * this.column, (at + 1) * this.column + HEAD * this.z];
    if (left < scrollLeft || right > scrollLeft + clientWidth) {
      this.element.scrollLeft = lit >= 0 ? left - clientWidth / 2 : this.element.scrollWidth;
      this.render();
    }
  }

  get column() {
    return COLUMN * this.z;
  }

  /** How much larger than usual all is drawn: for an audience, as large as all rows fit in. */
  get z() {
    const zoom = this.zoom();
    return zoom > 1 ? Math.max(1, Math.min(zoom, sizeOf(this.element).height / (this.ids.length * ROW.least))) : 1;
  }

  /** The height of a row: as high as all fit in, within limits. */
  get rowHeight() {
    const room = sizeOf(this.element).height / this.z;
    const each = Math.floor((room - 8) / this.ids.length);
    return each < ROW.least ? Math.max(TIGHT.least, each) : Math.min(ROW.most, each);
  }

  /** Whether there is no room for the words of the ticks. */
  get tight() {
    return this.rowHeight < ROW.least;
  }

  size() {
    const { style } = this.element;
    style.setProperty("--z", String(this.z));
    style.setProperty("--row", `${this.rowHeight}px`);
    style.setProperty("--cell", `${Math.min(38, this.rowHeight - (this.tight ? TIGHT.ticks : TICKS))}px`);
  }

  render() {
    const from = Math.max(0, Math.floor(this.element.scrollLeft / this.column) - SPARE);
    const to = Math.min(this.columns.length, from + Math.ceil(this.element.clientWidth / this.column) + 2 * SPARE + 1);
    const key = `${this.key} ${from} ${to} ${this.lit()} ${this.z} ${this.rowHeight} ${this.element.scrollLeft} ${sizeOf(this.element).width} ${this.store.server}`;
    if (key === this.shown) return;
    this.shown = key;
    this.size();
    const { scrollHeight, clientHeight } = this.element;
    this.element.classList.toggle("more", scrollHeight > clientHeight + 4);
    const focused = this.focused();
    const grid = h("div", { class: "log-grid", role: "grid", "aria-label": this.catalogue.ui("logs.label") });
    grid.style.width = `${HEAD * this.z + this.columns.length * this.column}px`;
    for (const log of this.logs) grid.append(this.row(log, from, to));
    const empty = this.columns.length === 0 ? [h("p", { class: "hint log-empty" }, this.catalogue.ui("logs.empty"))] : [];
    this.element.replaceChildren(grid, ...empty);
    this.settle(grid, focused);
  }

  /** Which cell has the focus, to give it back after the table is made anew. */
  focused() {
    const cell = document.activeElement;
    return cell instanceof HTMLElement && this.element.contains(cell) ? cell.dataset.cell ?? "" : "";
  }

  /**
   * @param {HTMLElement} grid
   * @param {string} focused
   */
  settle(grid, focused) {
    const stop = /** @type {HTMLElement | null} */ (focused ? grid.querySelector(`[data-cell='${focused}']`) : null) ??
      /** @type {HTMLElement | null} */ (grid.querySelector("[data-cell]"));
    stop?.setAttribute("tabindex", "0");
    if (focused && stop) stop.focus({ preventScroll: true });
  }

  /**
   * @param {Log} log
   * @param {number} from
   * @param {number} to
   */
  row(log, from, to) {
    const ticks = ticksOf(log, this.columns);
    const said = [...ticks].map(([at, names]) => this.catalogue.ui("logs.tick", { names: names.map((n) => this.word(n)).join(","), zxid: text(this.columns[at]) }));
    const head = h("span", { class: "log-id", role: "rowheader", "data-cell": `${log.id}`, tabindex: -1,
      "aria-label": `${this.catalogue.ui("logs.server", { id: log.id })} ${said.join(" ")}` }, String(log.id));
    const row = h("div", { class: this.store.server === log.id ? "log-row selected" : "log-row", role: "row" }, head);
    for (let i = from; i < to; i++) {
      if (stateOf(log, this.columns[i]) !== "snapshot") row.append(this.cell(log, i));
      else if (i === from || stateOf(log, this.columns[i - 1]) !== "snapshot") row.append(this.block(log, i, to));
    }
    const { scrollLeft } = this.element;
    const view = { left: scrollLeft / this.z + HEAD, right: (scrollLeft + sizeOf(this.element).width) / this.z, zoom: this.z };
    row.append(...tickMarks([...ticks].map(([at, names]) => ({ x: HEAD + at * COLUMN, words: names.map((n) => this.word(n)).join(" · ") })),
      view, this.tight, COLUMN));
    return row;
  }

  /** @param {string} name */
  word(name) {
    return this.catalogue.ui(`logs.${name}`);
  }

  /**
   * @param {Log} log
   * @param {number} i
   */
  cell(log, i) {
    const zxid = this.columns[i];
    const state = stateOf(log, zxid);
    const said = this.catalogue.ui(`logs.cell.${state === "cut" ? log.word : state}`, { zxid: text(zxid) });
    const memory = state === "committed" && (log.entries.get(keyOf(zxid)) ?? 0) >= log.durable;
    const first = state === "cut" && (i === 0 || stateOf(log, this.columns[i - 1]) !== "cut");
    const cell = h("span", { class: `cell cell-${state}${memory ? " cell-memory" : ""}${first ? " cut-here" : ""}${this.lit() === keyOf(zxid) ? " lit" : ""}`,
      role: "gridcell", tabindex: -1, "data-cell": `${log.id} ${keyOf(zxid)}`, "aria-label": said, title: said },
    state === "missing" ? "" : text(zxid));
    if (first) cell.dataset.word = this.word(log.word);
    cell.style.left = `${HEAD * this.z + i * this.column}px`;
    return cell;
  }

  /**
   * The snapshot that a server has in place of entries, as one block.
   * @param {Log} log
   * @param {number} first
   * @param {number} to
   */
  block(log, first, to) {
    let end = first + 1;
    while (end < to && stateOf(log, this.columns[end]) === "snapshot") end++;
    const zxid = text(log.snapshot);
    const said = this.catalogue.ui("logs.cell.snapshot", { zxid });
    const cell = h("span", { class: "cell cell-committed cell-snapshot", role: "gridcell", tabindex: -1, "aria-colspan": end - first,
      "data-cell": `${log.id} ${keyOf(this.columns[end - 1])}`, "data-snapshot": "true", "aria-label": said, title: said },
    h("span", {}, this.catalogue.ui("logs.snapshot", { zxid })));
    cell.style.left = `${HEAD * this.z + first * this.column}px`;
    cell.style.width = `${(end - first) * this.column - 6 * this.z}px`;
    return cell;
  }

  /**
   * Goes to the event that put an entry into a log; at a row's head selects the server.
   * @param {EventTarget | null} target
   */
  pick(target) {
    const cell = target instanceof HTMLElement ? target.closest("[data-cell]") : null;
    if (!(cell instanceof HTMLElement)) return;
    const [id, key] = (cell.dataset.cell ?? "").split(" ");
    if (!key) {
      this.store.selectServer(this.store.server === Number(id) ? 0 : Number(id));
      return;
    }
    const kind = cell.dataset.snapshot ? "storage.snapshotInstalled" : "log.appended";
    const seq = made(this.store.trace, Number(id), kind, key);
    if (seq > 0) this.store.select(seq);
  }
}
