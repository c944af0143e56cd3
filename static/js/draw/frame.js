// @ts-check
// The frame of the timeline: where lanes and events lie on the canvas. All drawing is done as if time
// ran to the right; where it runs down, the canvas is turned over and words are turned back.

import { FIRST_CLIENT } from "../core/vocabulary.js";

/** @typedef {import("../core/axis.js").Axis} Axis */
/**
 * What decides a frame. Positions of the view are places of the axis; down says that time runs down.
 * @typedef {{width: number, height: number, axis: Axis, origin: number, zoom: number,
 *   machines: number[], down: boolean}} View
 */

const SIDE = 42; // room for the ids of lanes
const END = 14;
const TOP = 30; // room for the handle of the cursor
const WORDS = 24; // room for the words on bands
const RULER = { across: 30, down: 68 }; // room for the times
const APART = 0.5; // of a lane, between servers and clients

/** Turns events, times and machines into pixels: x along time, y across lanes. */
export class Frame {
  /** @param {View} view */
  constructor(view) {
    this.axis = view.axis;
    this.origin = view.origin;
    this.zoom = view.zoom;
    this.down = view.down;
    this.along = view.down ? view.height : view.width;
    this.across = view.down ? view.width : view.height;
    this.left = view.down ? 34 : Math.min(SIDE, view.width / 6);
    this.right = this.along - END;
    this.top = TOP;
    this.bottom = this.across - (view.down ? RULER.down : RULER.across);
    this.step = 0; // from one lane to the next
    /** @type {Map<number, number>} */
    this.lanes = new Map();
    this.layOut(view.machines);
  }

  /** @param {number[]} machines */
  layOut(machines) {
    const servers = machines.filter((id) => id < FIRST_CLIENT).length;
    const apart = servers < machines.length ? APART : 0;
    this.step = (this.bottom - this.top - WORDS) / Math.max(1, machines.length + apart);
    machines.forEach((id, i) => {
      const row = i + 0.5 + (id < FIRST_CLIENT ? 0 : apart);
      this.lanes.set(id, Math.round(this.top + WORDS + this.step * row));
    });
  }

  /**
   * The pixel of a place; it may lie outside the frame.
   * @param {number} place
   */
  pixel(place) {
    return this.left + (place - this.origin) * this.zoom;
  }

  /** @param {number} x */
  place(x) {
    return this.origin + (x - this.left) / this.zoom;
  }

  /** @param {number} seq */
  x(seq) {
    return this.pixel(this.axis.placeOf(seq));
  }

  /** @param {number} time */
  xAt(time) {
    return this.pixel(this.axis.place(time));
  }

  /** @param {number} x */
  timeAt(x) {
    return this.axis.time(this.place(x));
  }

  /**
   * The last event shown at a pixel or before.
   * @param {number} x
   */
  seqAt(x) {
    return this.axis.seqAt(this.place(x));
  }

  /**
   * The height of a machine's lane, undefined for one that has none.
   * @param {number} machine
   */
  y(machine) {
    return this.lanes.get(machine);
  }

  /**
   * The ranks of the events in view: those from the first up to but without the second.
   * @returns {[first: number, end: number]} indexes of axis.shown
   */
  get ranks() {
    const { axis } = this;
    return [axis.rank(this.seqAt(this.left - 1)), axis.rank(this.seqAt(this.right + 1))];
  }

  /**
   * A point as it lies on the canvas.
   * @param {number} x
   * @param {number} y
   * @returns {[number, number]}
   */
  point(x, y) {
    return this.down ? [y, x] : [x, y];
  }

  /**
   * Turns the canvas over if time runs down, and back.
   * @param {CanvasRenderingContext2D} ctx
   */
  turn(ctx) {
    if (this.down) ctx.transform(0, 1, 1, 0, 0, 0);
  }

  /**
   * Writes a word at a point, upright.
   * @param {CanvasRenderingContext2D} ctx
   * @param {string} word
   * @param {number} x
   * @param {number} y
   */
  write(ctx, word, x, y) {
    this.turn(ctx);
    ctx.fillText(word, ...this.point(x, y));
    this.turn(ctx);
  }
}
