// @ts-check
// The transport: play, pause and speed move the head for everyone in the room; the rest moves this
// viewer's cursor.

import { upperBound } from "../core/columns.js";
import { drawDensity } from "../draw/density.js";
import { fitted, part, write } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/socket.js").Socket} Socket */

const NOTED = 2500; // milliseconds for which it is said that a moment is marked

/** Keeps the bar at the bottom. */
export class Transport {
  /**
   * @param {HTMLElement} element
   * @param {Store} store
   * @param {{ask: (command: import("../core/socket.js").Command) => void,
   *   palette: () => import("../draw/palette.js").Palette, marks: import("../core/bookmarks.js").Bookmarks,
   *   catalogue: import("../core/catalogue.js").Catalogue}} means
   */
  constructor(element, store, { ask, palette, marks, catalogue }) {
    this.element = element;
    this.store = store;
    this.ask = ask;
    this.palette = palette;
    this.marks = marks;
    this.catalogue = catalogue;
    this.marker = part(element, "mark");
    this.playSign = part(element, "play-sign");
    this.playWord = part(element, "play-word");
    this.speed = /** @type {HTMLSelectElement} */ (part(element, "speed"));
    this.scrubber = /** @type {HTMLInputElement} */ (part(element, "scrubber"));
    this.density = /** @type {HTMLCanvasElement} */ (part(element, "density"));
    this.count = part(element, "count");
    this.note = ""; // what stands in place of the count for a while
    this.noted = 0;
    this.listen();
  }

  listen() {
    for (const button of this.element.querySelectorAll("[data-go]")) {
      button.addEventListener("click", () => this.go(/** @type {HTMLElement} */ (button).dataset.go ?? ""));
    }
    this.marker.addEventListener("click", () => this.mark());
    this.speed.addEventListener("change", () => this.ask({ head: `speed ${this.speed.value}` }));
    this.scrubber.addEventListener("input", () => {
      const place = Number(this.scrubber.value);
      if (place >= this.store.shown.length) this.store.follow();
      else this.store.select(this.store.shown.data[Math.max(0, place - 1)]);
    });
  }

  /** @param {string} where */
  go(where) {
    switch (where) {
      case "start":
        this.store.select(1);
        break;
      case "back":
        this.back({});
        break;
      case "play":
        this.play();
        break;
      case "on":
        this.on({}, "event");
        break;
      case "decision":
        this.on({ decision: true }, "decision");
    }
  }

  /** Lets the head run, or stops it. Who starts it wants to see it. */
  play() {
    if (!this.store.head.playing) this.store.follow();
    this.ask({ head: this.store.head.playing ? "pause" : "play" });
  }

  /** @param {{decision?: boolean, machine?: number}} which */
  back(which) {
    const seq = this.store.neighbour(-1, which);
    if (seq > 0) this.store.select(seq);
  }

  /**
   * Goes to the next event; at the end of what has happened, makes the head take a step.
   * @param {{decision?: boolean, machine?: number}} which
   * @param {"event" | "decision"} step
   */
  on(which, step) {
    const seq = this.store.following ? 0 : this.store.neighbour(1, which);
    if (seq > 0) {
      this.store.select(seq);
      return;
    }
    this.store.follow();
    if (!this.store.head.playing) this.ask({ head: step });
  }

  /** Marks the moment looked at, or takes the mark away. */
  mark() {
    if (this.store.cursor === 0) return;
    this.marks.toggle(this.store.cursor);
    const key = this.marks.seqs.has(this.store.cursor) ? "transport.marked" : "transport.unmarked";
    this.note = this.catalogue.ui(key, { seq: this.store.cursor });
    clearTimeout(this.noted);
    this.noted = setTimeout(() => {
      this.note = "";
      this.store.changed();
    }, NOTED);
    this.store.changed();
  }

  /** @param {boolean} playing */
  drawPlay(playing) {
    write(this.playWord, this.catalogue.ui(playing ? "transport.pause" : "transport.play"));
    write(this.playSign, playing ? "❚❚" : "▶");
  }

  /** The present ratio stands beside the word auto, whose ratio changes. */
  drawSpeed() {
    const { speed, rate, playing } = this.store.head;
    if (document.activeElement !== this.speed) this.speed.value = speed;
    const auto = this.speed.options[0];
    const shown = speed === "auto" && playing && rate > 0 ? `auto ${Number(rate.toPrecision(1))}×` : "auto";
    if (auto.text !== shown) auto.text = shown;
  }

  /**
   * Draws the viewer's own marks under the strip.
   * @param {CanvasRenderingContext2D} ctx
   * @param {number} width
   * @param {number} height
   */
  drawMarks(ctx, width, height) {
    const { data, length } = this.store.shown;
    ctx.fillStyle = this.palette().action;
    for (const seq of this.marks.seqs) {
      const x = (upperBound(data, length, seq) / Math.max(1, length)) * width;
      ctx.beginPath();
      ctx.moveTo(x, height - 11);
      ctx.lineTo(x + 5, height - 1);
      ctx.lineTo(x - 5, height - 1);
      ctx.fill();
    }
  }

  draw() {
    const { store } = this;
    this.drawPlay(store.head.playing);
    this.drawSpeed();
    this.scrubber.max = String(store.shown.length);
    this.scrubber.value = String(store.shownSoFar);
    this.scrubber.setAttribute("aria-valuetext", this.catalogue.ui("transport.place", { seq: store.cursor }));
    this.marker.setAttribute("aria-pressed", String(this.marks.seqs.has(store.cursor)));
    write(this.count, this.note || `${store.cursor} / ${store.trace.length}`);
    const { ctx, width, height } = fitted(this.density);
    if (width === 0) return;
    drawDensity(ctx, width, height, this.palette(), store);
    this.drawMarks(ctx, width, height);
  }
}
