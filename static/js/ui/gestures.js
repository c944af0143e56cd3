// @ts-check
// Pointers, wheel and keys on the timeline: pan, zoom, pinch, hover, pick.

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {{x: number, y: number}} Point along and across time */

const DRAG = 4; // pixels after which a press is a drag
const PER_STEP = 400; // of a wheel, for a zoom by e
const PAGE = 0.8; // of the view that a page key moves

/**
 * Listens to the pointers over a timeline.
 * @param {Timeline} timeline
 */
export function listenToGestures(timeline) {
  const gestures = new Gestures(timeline);
  const { element } = timeline;
  element.addEventListener("pointerdown", (e) => gestures.down(e));
  element.addEventListener("pointermove", (e) => gestures.move(e));
  element.addEventListener("pointerup", (e) => gestures.up(e));
  element.addEventListener("pointercancel", (e) => gestures.cancel(e));
  element.addEventListener("pointerleave", () => gestures.leave());
  element.addEventListener("wheel", (e) => gestures.wheel(e), { passive: false });
  element.addEventListener("keydown", (e) => gestures.key(e));
  element.style.touchAction = "none";
}

class Gestures {
  /** @param {Timeline} timeline */
  constructor(timeline) {
    this.timeline = timeline;
    /** @type {Map<number, Point>} pointers that press, by id */
    this.pressed = new Map();
    /** @type {Point} */
    this.start = { x: 0, y: 0 };
    this.origin = 0; // of the view at the start of a drag
    this.moved = false;
  }

  /**
   * @param {MouseEvent} e
   * @returns {Point}
   */
  pointOf(e) {
    const box = this.timeline.canvas.getBoundingClientRect();
    const scale = this.timeline.factor;
    const [x, y] = this.timeline.frame.point((e.clientX - box.left) / scale, (e.clientY - box.top) / scale);
    return { x, y };
  }

  /** @param {PointerEvent} e */
  down(e) {
    if (e.button !== 0) return;
    this.pressed.set(e.pointerId, this.pointOf(e));
    this.timeline.element.setPointerCapture(e.pointerId);
    this.timeline.held = true;
    this.start = this.pointOf(e);
    this.origin = this.timeline.origin;
    this.moved = this.pressed.size > 1;
  }

  /** @param {PointerEvent} e */
  move(e) {
    const at = this.pointOf(e);
    this.timeline.pointer = [at.x, at.y];
    if (this.pressed.size === 0) this.timeline.redraw();
    else if (this.pressed.size === 1) this.drag(at);
    else this.pinch(e.pointerId, at);
  }

  /** @param {Point} at */
  drag(at) {
    const by = at.x - this.start.x;
    if (Math.abs(by) > DRAG) this.moved = true;
    if (this.moved) this.timeline.panTo(this.origin - by / this.timeline.zoom);
  }

  /**
   * Two fingers: what lies under them stays under them.
   * @param {number} id
   * @param {Point} at
   */
  pinch(id, at) {
    const { timeline } = this;
    const before = [...this.pressed.values()];
    this.pressed.set(id, at);
    const after = [...this.pressed.values()];
    const spread = (/** @type {Point[]} */ p) => Math.max(20, Math.hypot(p[0].x - p[1].x, p[0].y - p[1].y));
    const middle = (/** @type {Point[]} */ p) => (p[0].x + p[1].x) / 2;
    timeline.panBy(middle(before) - middle(after));
    timeline.zoomBy(spread(after) / spread(before), middle(after));
  }

  /** @param {PointerEvent} e */
  up(e) {
    const wasDown = this.pressed.has(e.pointerId);
    this.cancel(e);
    if (!wasDown || this.moved) return;
    const { x, y } = this.pointOf(e);
    this.timeline.pick(x, y);
  }

  /** @param {PointerEvent} e */
  cancel(e) {
    this.pressed.delete(e.pointerId);
    this.timeline.held = this.pressed.size > 0;
    const left = [...this.pressed.values()][0];
    if (!left) return;
    this.start = left;
    this.origin = this.timeline.origin;
  }

  leave() {
    this.timeline.pointer = undefined;
    if (this.timeline.hover > 0) this.timeline.redraw();
  }

  /** @param {WheelEvent} e */
  wheel(e) {
    e.preventDefault();
    const unit = e.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const sideways = e.shiftKey || Math.abs(e.deltaX) > Math.abs(e.deltaY);
    if (sideways) this.timeline.panBy((e.deltaX || e.deltaY) * unit);
    else this.timeline.zoomBy(Math.exp((-e.deltaY * unit) / PER_STEP), this.pointOf(e).x);
  }

  /** @param {KeyboardEvent} e */
  key(e) {
    const { timeline } = this;
    const page = PAGE * (timeline.frame.right - timeline.frame.left);
    if (e.key === "PageUp") timeline.panBy(-page);
    else if (e.key === "PageDown") timeline.panBy(page);
    else if (e.key === "0") timeline.fit();
    else return;
    e.preventDefault();
  }
}
