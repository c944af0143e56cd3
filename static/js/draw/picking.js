// @ts-check
// What lies under the pointer on the timeline.

/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./segments.js").Segments} Segments */
/** @typedef {import("../core/store.js").Store} Store */

const REACH = 12; // pixels within which something is found
const MOST = 400; // events looked at

/**
 * The event at a point: one on its lane, else the sending of a message; 0 if none is within reach.
 * @param {Store} store
 * @param {Frame} frame
 * @param {Segments} segments
 * @param {number} x
 * @param {number} y
 */
export function pick(store, frame, segments, x, y) {
  return eventAt(store, frame, x, y) || messageAt(store, segments, x, y);
}

/**
 * The event nearest on its lane, decisions first.
 * @param {Store} store
 * @param {Frame} frame
 * @param {number} x
 * @param {number} y
 */
function eventAt(store, frame, x, y) {
  const { axis, trace } = store;
  const first = axis.rank(frame.seqAt(x - REACH));
  const end = Math.min(axis.rank(frame.seqAt(x + REACH)), first + MOST);
  let best = 0;
  let least = REACH;
  for (let rank = first; rank < end; rank++) {
    const seq = axis.shown.data[rank];
    const lane = frame.y(trace.node.data[seq - 1]);
    if (lane === undefined) continue;
    const far = Math.hypot(frame.x(seq) - x, lane - y) + trace.depth.data[seq - 1];
    if (far < least) [best, least] = [seq, far];
  }
  return best;
}

/**
 * The sending of the message nearest.
 * @param {Store} store
 * @param {Segments} segments
 * @param {number} x
 * @param {number} y
 */
function messageAt(store, segments, x, y) {
  let best = 0;
  let least = REACH / 2;
  for (let i = 0; i < segments.count; i++) {
    const far = distance(segments, i, x, y);
    if (far < least) [best, least] = [store.arrows.send.data[segments.index[i]], far];
  }
  return best;
}

/**
 * The distance of a point from an arrow.
 * @param {Segments} segments
 * @param {number} i
 * @param {number} x
 * @param {number} y
 */
function distance({ x0, y0, x1, y1 }, i, x, y) {
  const dx = x1[i] - x0[i];
  const dy = y1[i] - y0[i];
  const t = Math.max(0, Math.min(1, ((x - x0[i]) * dx + (y - y0[i]) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x0[i] - t * dx, y - y0[i] - t * dy);
}
