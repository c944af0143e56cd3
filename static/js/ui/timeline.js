// @ts-check
// The timeline panel: panning, zooming, and picking events by pointer and keyboard.

import { KIND, NODE, TIME } from "../core/row.js";
import { FIRST_CLIENT } from "../core/vocabulary.js";
import { segments } from "../draw/arrows.js";
import { Frame } from "../draw/frame.js";
import { drawTimeline, eventsInView } from "../draw/timeline.js";
import { fitted } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */

const MARGIN = 40; // pixels kept free behind the head while following
const REACH = 12; // pixels within which a click finds something
const DRAG = 4; // pixels after which a press is a drag
const ZOOM_MIN = 0.02;
const ZOOM_MAX = 20;

/** Keeps the canvas of lanes and arrows. */
export class Timeline {
  /**
   * @param {HTMLElement} element
   * @param {Store} store
   * @param {() => import("../draw/palette.js").Palette} palette
   */
  constructor(element, store, palette) {
    this.element = element;
    this.canvas = /** @type {HTMLCanvasElement} */ (element.querySelector("canvas"));
    this.store = store;
    this.palette = palette;
    this.origin = 0; // place of the axis at the left edge
    this.zoom = 1;
    this.seen = -1; // where the cursor was when the view last went to it
    this.frame = this.frameOf(0, 0);
    this.press = { down: false, x: 0, origin: 0, moved: false };
    this.listen();
  }

  listen() {
    const { element } = this;
    element.addEventListener("pointerdown", (e) => this.onDown(e));
    element.addEventListener("pointermove", (e) => this.onMove(e));
    element.addEventListener("pointerup", (e) => this.onUp(e));
    element.addEventListener("wheel", (e) => this.onWheel(e), { passive: false });
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  frameOf(width, height) {
    const machines = this.machines();
    return new Frame({ width, height, axis: this.store.axis, origin: this.origin, zoom: this.zoom, machines });
  }

  /** The machines that have lanes: all servers, and clients once they have done something. */
  machines() {
    const servers = this.store.trace.header.machines.map((m) => m.id).filter((id) => id < FIRST_CLIENT);
    const clients = [...this.store.lanes.byMachine.keys()].filter((id) => id >= FIRST_CLIENT);
    return [...servers, ...clients.sort((a, b) => a - b)];
  }

  draw() {
    const { ctx, width, height } = fitted(this.canvas);
    if (width === 0) return;
    this.frame = this.frameOf(width, height);
    this.goAlong();
    this.frame = this.frameOf(width, height);
    drawTimeline(ctx, this.frame, this.palette(), this.store);
  }

  /** Moves the view along with the head, or to a cursor that was moved out of it. */
  goAlong() {
    const { store, frame } = this;
    const wide = (frame.right - frame.left - MARGIN) / this.zoom;
    const place = store.axis.place(store.now);
    if (store.following) {
      if (!this.press.down) this.origin = Math.max(0, place - wide);
    } else if (this.seen !== store.cursor) {
      const x = frame.x(store.now);
      if (x < frame.left + MARGIN || x > frame.right - MARGIN) this.origin = Math.max(0, place - wide / 2);
    }
    this.seen = store.cursor;
  }

  /** @param {PointerEvent} e */
  onDown(e) {
    if (e.button !== 0) return;
    this.press = { down: true, x: e.clientX, origin: this.origin, moved: false };
    this.element.setPointerCapture(e.pointerId);
  }

  /** @param {PointerEvent} e */
  onMove(e) {
    if (!this.press.down) return;
    const by = e.clientX - this.press.x;
    if (Math.abs(by) > DRAG) this.press.moved = true;
    if (!this.press.moved) return;
    if (this.store.following) this.store.select(this.store.trace.length);
    this.seen = this.store.cursor;
    this.origin = Math.max(0, this.press.origin - by / this.zoom);
    this.store.changed();
  }

  /** @param {PointerEvent} e */
  onUp(e) {
    const { down, moved } = this.press;
    this.press.down = false;
    if (!down || moved) return;
    const box = this.canvas.getBoundingClientRect();
    this.pick(e.clientX - box.left, e.clientY - box.top);
  }

  /** @param {WheelEvent} e */
  onWheel(e) {
    e.preventDefault();
    const x = e.clientX - this.canvas.getBoundingClientRect().left;
    if (e.shiftKey || Math.abs(e.deltaX) > Math.abs(e.deltaY)) {
      this.origin = Math.max(0, this.origin + (e.deltaX || e.deltaY) / this.zoom);
      if (this.store.following) this.store.select(this.store.trace.length);
      this.seen = this.store.cursor;
      this.store.changed();
    } else {
      this.zoomBy(Math.exp(-e.deltaY / 400), x);
    }
  }

  /**
   * Zooms about a pixel, the middle if none is given.
   * @param {number} factor
   * @param {number} [x]
   */
  zoomBy(factor, x = (this.frame.left + this.frame.right) / 2) {
    const place = this.origin + (x - this.frame.left) / this.zoom;
    this.zoom = Math.max(ZOOM_MIN, Math.min(ZOOM_MAX, this.zoom * factor));
    this.origin = Math.max(0, place - (x - this.frame.left) / this.zoom);
    this.seen = this.store.cursor;
    this.store.changed();
  }

  /**
   * Selects what lies nearest to a point: an event on its lane, else a message, else the time.
   * @param {number} x
   * @param {number} y
   */
  pick(x, y) {
    const seq = this.eventAt(x, y) || this.messageAt(x, y) || this.lastBefore(x);
    if (seq > 0) this.store.select(seq);
  }

  /**
   * @param {number} x
   * @param {number} y
   * @returns {number} the event nearest on its lane, decisions first; 0 if none is within reach
   */
  eventAt(x, y) {
    const { trace } = this.store;
    const { from, to } = eventsInView(this.store, this.frame);
    let best = 0;
    let least = REACH;
    for (let seq = from; seq <= to; seq++) {
      if (!this.store.isShown(seq)) continue;
      const lane = this.frame.y(trace.rows[seq - 1][NODE]);
      if (lane === undefined) continue;
      const far = Math.hypot(this.frame.x(trace.rows[seq - 1][TIME]) - x, lane - y) + trace.depth.data[seq - 1];
      if (far < least) [best, least] = [seq, far];
    }
    return best;
  }

  /**
   * @param {number} x
   * @param {number} y
   * @returns {number} the sending of the message nearest, 0 if none is within reach
   */
  messageAt(x, y) {
    let best = 0;
    let least = REACH / 2;
    for (const s of segments(this.store, this.frame)) {
      const far = distance(x, y, s);
      if (far < least) [best, least] = [this.store.arrows.send.data[s.index], far];
    }
    return best;
  }

  /** @param {number} x */
  lastBefore(x) {
    const time = this.frame.time(x);
    const { to } = eventsInView(this.store, this.frame);
    for (let seq = to; seq > 0; seq--) {
      const row = this.store.trace.rows[seq - 1];
      if (row[TIME] <= time && this.store.isShown(seq) && row[KIND] >= 0) return seq;
    }
    return 0;
  }
}

/**
 * The distance of a point from a line.
 * @param {number} x
 * @param {number} y
 * @param {import("../draw/arrows.js").Segment} s
 */
function distance(x, y, s) {
  const dx = s.x1 - s.x0;
  const dy = s.y1 - s.y0;
  const t = Math.max(0, Math.min(1, ((x - s.x0) * dx + (y - s.y0) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - s.x0 - t * dx, y - s.y0 - t * dy);
}
