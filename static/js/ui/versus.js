// @ts-check
// Two runs held against each other: ring and logs of both, the first event in which they differ, and what
// differs at the moment looked at.

import { seconds } from "../core/axis.js";
import { Parting, cursorAt, differences, mismatch, timesOf } from "../core/compare.js";
import { lowerBound, upperBound } from "../core/columns.js";
import { h, part, write } from "./dom.js";
import { onceAFrame } from "./frame.js";
import { Logs } from "./logs.js";
import { Ring } from "./ring.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */

const BEAT = 300; // milliseconds from one event to the next while it plays

/** Keeps the page. */
export class Versus {
  /**
   * @param {HTMLElement} element
   * @param {Store} a
   * @param {Store} b
   * @param {Catalogue} catalogue
   */
  constructor(element, a, b, catalogue) {
    this.element = element;
    this.stores = [a, b];
    this.catalogue = catalogue;
    this.parting = new Parting(a.trace, b.trace);
    const wrong = mismatch(a.trace.header, b.trace.header);
    part(element, "wrong").hidden = wrong === "";
    part(element, "both").hidden = wrong !== "";
    this.time = 0; // virtual nanoseconds
    this.moved = false; // whether a person has chosen the time
    /** @type {number[]} */
    this.times = [];
    this.counted = "";
    this.timer = 0;
    this.scrubber = /** @type {HTMLInputElement} */ (part(element, "where"));
    this.panels = [a, b].flatMap((store, i) => [new Ring(part(element, `ring-${"ab"[i]}`), store),
      new Logs(part(element, `logs-${"ab"[i]}`), store, catalogue)]);
    this.redraw = onceAFrame(() => this.draw());
    if (wrong) write(part(element, "wrong"), catalogue.ui(`compare.no.${wrong}`, { a: a.trace.header.engine, b: b.trace.header.engine }));
    else this.listen();
  }

  listen() {
    for (const store of this.stores) store.subscribe(this.redraw);
    this.scrubber.addEventListener("input", () => this.go(this.times[Number(this.scrubber.value)] ?? 0));
    for (const [name, act] of /** @type {[string, () => void][]} */ ([["back", () => this.step(-1)], ["on", () => this.step(1)],
      ["play", () => this.play()], ["first", () => this.goToFirst()]])) {
      part(this.element, name).addEventListener("click", act);
    }
    document.addEventListener("keydown", (e) => this.key(e));
    new ResizeObserver(this.redraw).observe(this.element);
    this.redraw();
  }

  /** @param {KeyboardEvent} e */
  key(e) {
    const free = !(e.target instanceof Element && e.target.closest("button, a, [role=gridcell], [role=option]"));
    const act = { ArrowRight: () => this.step(1), ArrowLeft: () => this.step(-1), " ": () => free && this.play() }[e.key];
    if (!act || e.ctrlKey || e.altKey || e.metaKey || e.defaultPrevented || e.target === this.scrubber) return;
    if (e.key === " " && !free) return;
    e.preventDefault();
    act();
  }

  /** @param {number} time */
  go(time) {
    this.moved = true;
    this.time = time;
    this.redraw();
  }

  /** @param {1 | -1} way */
  step(way) {
    const at = way > 0 ? upperBound(this.times, this.times.length, this.time) : lowerBound(this.times, this.times.length, this.time) - 1;
    if (this.times[at] !== undefined) this.go(this.times[at]);
    else this.stop();
  }

  play() {
    if (this.timer) this.stop();
    else this.timer = window.setInterval(() => this.step(1), BEAT);
    this.redraw();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    this.redraw();
  }

  goToFirst() {
    const { seq } = this.parting;
    if (seq > 0) this.go(this.timeOfFirst());
  }

  /** When the runs part. */
  timeOfFirst() {
    return Math.min(...this.stores.map(({ trace }) => trace.time.data[this.parting.seq - 1]));
  }

  draw() {
    const [a, b] = this.stores;
    const found = this.parting.look();
    const lengths = `${a.trace.length} ${b.trace.length}`;
    if (lengths !== this.counted) {
      this.counted = lengths;
      this.times = timesOf(a, b);
    }
    if (!this.moved) this.time = found > 0 ? this.timeOfFirst() : this.times.at(-1) ?? 0;
    for (const store of this.stores) {
      store.cursor = cursorAt(store, this.time);
      store.looking = "event";
    }
    for (const panel of this.panels ?? []) panel.draw();
    this.drawFirst(found);
    this.drawPlace(found);
    this.drawTable();
  }

  /** @param {number} found */
  drawFirst(found) {
    const { catalogue } = this;
    const first = part(this.element, "first-words");
    const tell = (/** @type {Store} */ { trace }) => {
      const row = trace.at(found);
      return row ? `${seconds(row[1])}. ${catalogue.event(trace, row)}` : "";
    };
    const [a, b] = this.stores;
    write(first, found > 0 ? catalogue.ui("compare.first", { seq: found, a: tell(a), b: tell(b) })
      : catalogue.ui("compare.same", { n: this.parting.same }));
    /** @type {HTMLButtonElement} */ (part(this.element, "first")).disabled = found === 0;
  }

  /** @param {number} found */
  drawPlace(found) {
    const { scrubber, times } = this;
    const at = upperBound(times, times.length, this.time) - 1;
    scrubber.max = String(Math.max(0, times.length - 1));
    scrubber.value = String(Math.max(0, at));
    const [x, y] = this.stores.map(({ cursor }) => cursor);
    const words = this.catalogue.ui("compare.place", { time: seconds(this.time, 6), a: x, b: y });
    scrubber.setAttribute("aria-valuetext", words);
    write(part(this.element, "place"), words);
    write(part(this.element, "play"), this.catalogue.ui(this.timer ? "transport.pause" : "transport.play"));
    const mark = part(this.element, "parted");
    mark.hidden = found === 0;
    if (found > 0) {
      const share = lowerBound(times, times.length, this.timeOfFirst()) / Math.max(1, times.length - 1);
      mark.style.insetInlineStart = `calc(${(100 * share).toFixed(2)}% + ${(8 - 16 * share).toFixed(1)}px)`;
    }
    this.stores.forEach((store, i) => {
      const row = store.trace.at(store.cursor);
      write(part(this.element, `caption-${"ab"[i]}`), row ? this.catalogue.event(store.trace, row) : "");
    });
  }

  drawTable() {
    const { catalogue } = this;
    const rows = differences(this.stores[0], this.stores[1]).map(({ what, id, a, b }) => h("tr", { "data-what": what, "data-id": id },
      h("th", { scope: "row" }, catalogue.ui(`compare.what.${what}`, { id })), h("td", {}, a), h("td", {}, b)));
    part(this.element, "alike").hidden = rows.length > 0;
    const body = part(this.element, "rows");
    const key = rows.map((row) => row.textContent).join("\n");
    if (body.dataset.key === key) return;
    body.dataset.key = key;
    body.replaceChildren(...rows);
  }
}
