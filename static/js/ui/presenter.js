// @ts-check
// The presenter's view: only ring, one log view, a short timeline and one sentence, all of it large.

import { seconds } from "../core/axis.js";
import { part, write } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */

const ZOOM = 2.34; // makes letters of 12 px 28 px high
const HINT = 6000; // milliseconds of playing after which the keys are known

/** Switches the presenter's view on and off. */
export class Presenter {
  /**
   * @param {HTMLElement} desk
   * @param {Store} store
   * @param {HTMLElement} button
   */
  constructor(desk, store, button) {
    this.desk = desk;
    this.store = store;
    this.count = part(desk, "presented-count");
    this.hint = part(desk, "presented-hint");
    this.hiding = 0; // the timer that takes the hint away
    this.theme = document.documentElement.dataset.theme; // before the light one that projectors want
    button.addEventListener("click", () => this.toggle());
    part(desk, "unpresent").addEventListener("click", () => this.leave());
  }

  get on() {
    return document.documentElement.dataset.mode === "present";
  }

  /** How many times larger than usual pictures are drawn. */
  get zoom() {
    return this.on ? Math.min(ZOOM, Math.max(1.3, window.innerWidth / 430)) : 1;
  }

  toggle() {
    if (this.on) this.leave();
    else this.enter();
  }

  enter() {
    const root = document.documentElement;
    this.theme = root.dataset.theme;
    clearTimeout(this.hiding);
    this.hiding = 0;
    this.hint.hidden = false;
    root.dataset.mode = "present";
    root.dataset.theme = "light";
    this.show(true);
  }

  /** @returns {boolean} whether it was on */
  leave() {
    if (!this.on) return false;
    const root = document.documentElement;
    delete root.dataset.mode;
    if (this.theme) root.dataset.theme = this.theme;
    else delete root.dataset.theme;
    this.show(false);
    return true;
  }

  /** @param {boolean} on */
  show(on) {
    part(this.desk, "presented").hidden = !on;
    part(this.desk, "sentence").hidden = !on;
    this.store.changed();
  }

  draw() {
    if (!this.on) return;
    write(this.count, `${seconds(this.store.now)} · ${this.store.cursor} / ${this.store.trace.length}`);
    if (this.store.head.playing && !this.hiding) this.hiding = setTimeout(() => (this.hint.hidden = true), HINT);
  }
}
