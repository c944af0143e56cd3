// @ts-check
// The timeline panel: which part of a run is in view, and its picture.

import { Lit } from "../core/lit.js";
import { NODE } from "../core/row.js";
import { EVERYTHING, FIRST_CLIENT, HIDDEN } from "../core/vocabulary.js";
import { Frame } from "../draw/frame.js";
import { pick } from "../draw/picking.js";
import { Segments } from "../draw/segments.js";
import { cursorX, drawTimeline } from "../draw/timeline.js";
import { fitted, sizeOf } from "./dom.js";
import { listenToGestures } from "./gestures.js";

/** @typedef {import("../core/store.js").Store} Store */

const MARGIN = 40; // pixels kept free behind the head while following
const ZOOM_MAX = 30;
const WIDEST = 5; // zoom at which a run begins
const EDGES = 84; // pixels above and below all lanes
const LANE = 15; // pixels that a lane needs for its id
const NARROW = 560; // pixels of width below which time runs down

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
    this.segments = new Segments();
    this.lit = new Lit(store.trace);
    this.origin = 0; // place of the axis at the left edge
    this.zoom = 1;
    this.chosen = false; // whether the viewer has chosen the zoom
    this.scale = () => 1; // how many times larger than usual everything is drawn
    this.wide = 0; // how wide it was then
    this.seen = -1; // where the cursor was when the view last went to it
    this.held = false; // whether the pointer holds the view
    this.hover = 0; // number of the event under the pointer, 0 for none
    /** @type {[number, number] | undefined} */
    this.pointer = undefined; // point under it, along and across time
    this.asked = false; // whether a picture is due
    this.frame = this.frameOf(0, 0);
    listenToGestures(this);
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  frameOf(width, height) {
    const { axis } = this.store;
    const down = width > 0 && width * this.factor < NARROW;
    return new Frame({ width, height, axis, origin: this.origin, zoom: this.zoom, machines: this.machines(), down });
  }

  /** The machines that have lanes: all servers, and clients once they have done something. */
  machines() {
    const servers = this.store.trace.header.machines.map((m) => m.id).filter((id) => id < FIRST_CLIENT);
    const clients = [...this.store.lanes.byMachine.keys()].filter((id) => id >= FIRST_CLIENT);
    return [...servers, ...clients.sort((a, b) => a - b)];
  }

  draw() {
    this.asked = false;
    const { ctx, width, height } = fitted(this.canvas, this.factor);
    if (width === 0) return;
    const { store, segments, lit } = this;
    this.frame = this.frameOf(width, height);
    this.goAlong();
    this.frame.origin = this.origin;
    lit.look(store.following ? 0 : store.cursor);
    drawTimeline(ctx, { frame: this.frame, palette: this.palette(), store, segments, lit, hover: this.hover });
  }

  /** How many times larger than usual all is drawn: as large as leaves each lane its id. */
  get factor() {
    const { height } = sizeOf(this.element);
    return Math.max(1, Math.min(this.scale(), height / (EDGES + LANE * (this.machines().length + 0.5))));
  }

  /** Draws again soon, this panel alone. */
  redraw() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      if (!this.asked) return;
      this.findHover();
      this.draw();
    });
  }

  findHover() {
    const { pointer } = this;
    this.hover = pointer && !this.held ? pick(this.store, this.frame, this.segments, ...pointer) : 0;
  }

  /** Moves the view along with the head, or to a cursor that was moved out of it. */
  goAlong() {
    const { store, frame } = this;
    if (store.following && !this.chosen && !this.held) this.fill();
    const wide = (frame.right - frame.left - MARGIN) / this.zoom;
    const x = cursorX(frame, store);
    if (store.following) {
      if (!this.held) this.origin = Math.max(0, frame.place(x) - wide);
    } else if (this.seen !== store.cursor || this.wide !== frame.along) {
      const margin = Math.min(MARGIN, (frame.right - frame.left) / 8);
      if (x < frame.left + margin || x > frame.right - margin) this.origin = Math.max(0, frame.place(x) - wide / 2);
    }
    this.seen = store.cursor;
    this.wide = frame.along;
  }

  /** A short run takes the whole width; as it grows longer, the view goes along with it instead. */
  fill() {
    const { frame, store } = this;
    const room = (frame.right - frame.left - MARGIN) / Math.max(1, store.axis.place(store.now));
    this.zoom = frame.zoom = Math.max(1, Math.min(WIDEST, room));
  }

  /** Who moves the view wants it to stay there. */
  stay() {
    if (this.store.following) this.store.select(this.store.trace.length);
    this.seen = this.store.cursor;
  }

  /** @param {number} origin */
  panTo(origin) {
    this.stay();
    const room = (this.frame.right - this.frame.left) / 2 / this.zoom;
    this.origin = Math.max(0, Math.min(origin, this.store.axis.end + room));
    this.redraw();
  }

  /** @param {number} pixels */
  panBy(pixels) {
    this.panTo(this.origin + pixels / this.zoom);
  }

  /**
   * Zooms about a pixel, the middle if none is given.
   * @param {number} factor
   * @param {number} [x]
   */
  zoomBy(factor, x = (this.frame.left + this.frame.right) / 2) {
    const place = this.frame.place(x);
    this.chosen = true;
    this.zoom = Math.max(this.leastZoom, Math.min(ZOOM_MAX, this.zoom * factor));
    this.origin = Math.max(0, place - (x - this.frame.left) / this.zoom);
    this.seen = this.store.cursor;
    this.redraw();
  }

  /** The zoom at which the whole run is in view. */
  get leastZoom() {
    const room = this.frame.right - this.frame.left - MARGIN;
    return Math.min(0.25, Math.max(1e-7, room / Math.max(1, this.store.axis.end)));
  }

  /**
   * Selects the event nearest in time on the next lane.
   * @param {1 | -1} step
   */
  moveLane(step) {
    const { trace, cursor } = this.store;
    const lanes = this.machines();
    const here = lanes.indexOf(trace.at(cursor)?.[NODE] ?? 0);
    const lane = lanes[Math.max(0, Math.min(lanes.length - 1, here + step))];
    const depth = this.store.showHidden ? HIDDEN : EVERYTHING;
    const [before, after] = [-1, 1].map((way) => trace.near(cursor, /** @type {1 | -1} */ (way), depth, lane));
    const far = (/** @type {number} */ seq) => (seq === 0 ? Infinity : Math.abs(trace.time.data[seq - 1] - trace.time.data[cursor - 1]));
    const seq = far(before) <= far(after) ? before : after;
    if (seq > 0) this.store.select(seq);
  }

  /** Shows the whole run. */
  fit() {
    this.stay();
    this.chosen = true;
    this.zoom = this.leastZoom;
    this.origin = 0;
    this.redraw();
  }

  /**
   * Selects what lies nearest to a point: an event on its lane, else a message, else the time.
   * @param {number} x
   * @param {number} y
   */
  pick(x, y) {
    const seq = pick(this.store, this.frame, this.segments, x, y) || this.frame.seqAt(x);
    if (seq > 0) this.store.select(seq);
  }
}
