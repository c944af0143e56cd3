// @ts-check
// The frame of the timeline: where lanes and times lie on the canvas.

/** @typedef {import("../core/axis.js").Axis} Axis */

const LEFT = 42; // room for the ids of lanes
const RIGHT = 14;
const TOP = 30; // room for the handle of the cursor and the words on bands
const BOTTOM = 30; // room for the axis

/** Turns times and machines into pixels. Positions of the view are places of the axis. */
export class Frame {
  /**
   * @param {{width: number, height: number, axis: Axis, origin: number, zoom: number,
   *   machines: number[]}} view
   */
  constructor(view) {
    this.width = view.width;
    this.height = view.height;
    this.axis = view.axis;
    this.origin = view.origin;
    this.zoom = view.zoom;
    this.machines = view.machines;
    this.left = Math.min(LEFT, view.width / 6);
    this.right = view.width - RIGHT;
    this.top = TOP;
    this.bottom = view.height - BOTTOM;
    /** @type {Map<number, number>} */
    this.lanes = new Map(view.machines.map((id, i) => [id, this.laneAt(i)]));
  }

  /** @param {number} i */
  laneAt(i) {
    const room = this.bottom - this.top - 24;
    const step = room / Math.max(1, this.machines.length);
    return Math.round(this.top + 24 + step * (i + 0.5));
  }

  /**
   * The pixel of a time; it may lie outside the frame.
   * @param {number} time
   */
  x(time) {
    return this.left + (this.axis.place(time) - this.origin) * this.zoom;
  }

  /**
   * The height of a machine's lane, undefined for one that has none.
   * @param {number} machine
   */
  y(machine) {
    return this.lanes.get(machine);
  }

  /**
   * The time at a pixel.
   * @param {number} x
   */
  time(x) {
    return this.axis.time(this.origin + (x - this.left) / this.zoom);
  }

  /** The first and the last time in view. */
  get span() {
    return [this.time(this.left), this.axis.real ? this.time(this.right) : this.lastTime()];
  }

  /** Behind the last event shown every place has its time; what is drawn there may be later. */
  lastTime() {
    const end = this.axis.places.data[this.axis.places.length - 1];
    const place = this.origin + (this.right - this.left) / this.zoom;
    return place >= end ? Infinity : this.axis.time(place);
  }
}
