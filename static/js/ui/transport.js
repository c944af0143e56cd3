// @ts-check
// The transport: play, pause and speed move the head for everyone in the room; the rest moves this
// viewer's cursor.

import { drawDensity } from "../draw/density.js";
import { fitted, part } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/socket.js").Socket} Socket */

/** Keeps the bar at the bottom. */
export class Transport {
  /**
   * @param {HTMLElement} element
   * @param {Store} store
   * @param {(command: {do?: string, head?: string}) => void} ask
   * @param {() => import("../draw/palette.js").Palette} palette
   */
  constructor(element, store, ask, palette) {
    this.element = element;
    this.store = store;
    this.ask = ask;
    this.palette = palette;
    this.playSign = part(element, "play-sign");
    this.playWord = part(element, "play-word");
    this.speed = /** @type {HTMLSelectElement} */ (part(element, "speed"));
    this.scrubber = /** @type {HTMLInputElement} */ (part(element, "scrubber"));
    this.density = /** @type {HTMLCanvasElement} */ (part(element, "density"));
    this.count = part(element, "count");
    this.listen();
  }

  listen() {
    for (const button of this.element.querySelectorAll("[data-go]")) {
      button.addEventListener("click", () => this.go(/** @type {HTMLElement} */ (button).dataset.go ?? ""));
    }
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

  /** @param {boolean} playing */
  drawPlay(playing) {
    const word = playing ? "Pause" : "Play";
    if (this.playWord.textContent === word) return;
    this.playWord.textContent = word;
    this.playSign.textContent = playing ? "❚❚" : "▶";
  }

  draw() {
    const { store } = this;
    this.drawPlay(store.head.playing);
    if (document.activeElement !== this.speed) this.speed.value = store.head.speed;
    this.scrubber.max = String(store.shown.length);
    this.scrubber.value = String(store.shownSoFar);
    this.scrubber.setAttribute("aria-valuetext", `event ${store.cursor}`);
    this.count.textContent = `${store.cursor} / ${store.trace.length}`;
    const { ctx, width, height } = fitted(this.density);
    if (width > 0) drawDensity(ctx, width, height, this.palette(), store);
  }
}
