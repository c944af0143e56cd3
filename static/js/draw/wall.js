// @ts-check
// Cut and held links: a dashed wall between the sides, a crossed head where only one way is cut, two
// bars where packets wait.

import { between, onTheWay } from "./ring.js";
import { svg } from "./svg.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("./ringlayout.js").Layout} Layout */
/** @typedef {import("./boxes.js").Point} Point */

/**
 * @param {Store} store
 * @param {Layout} layout
 * @param {{width: number, height: number}} room
 * @returns {SVGElement[]}
 */
export function wallShapes(store, layout, room) {
  const { links, world } = store;
  if (!links.any(world)) return [];
  const ids = [...layout.points.keys()];
  const sides = links.sides(world, ids, true);
  const wall = sides.length > 1 ? wallOf(sides, ids, layout, room) : [];
  return [...wall, ...ids.flatMap((a) => ids.flatMap((b) => (a === b ? [] : pair(store, layout, a, b, wall.length > 0))))];
}

/**
 * What the link from a to b shows.
 * @param {Store} store
 * @param {Layout} layout
 * @param {number} a
 * @param {number} b
 * @param {boolean} walled whether a wall says which links are cut both ways
 */
function pair({ links, world }, layout, a, b, walled) {
  const out = [];
  const [there, back] = [links.isCut(world, a, b), links.isCut(world, b, a)];
  if (there && !back) out.push(crossedHead(layout, a, b));
  if (there && back && a < b && !walled) out.push(stroke(layout, a, b));
  if (links.isHeld(world, a, b)) out.push(bars(onTheWay(layout, a, b, 0.22)));
  return out;
}

/**
 * The wall between sides that stand together on the ring; none if they do not.
 * @param {number[][]} sides
 * @param {number[]} ids
 * @param {Layout} layout
 * @param {{width: number, height: number}} room
 * @returns {SVGElement[]}
 */
function wallOf(sides, ids, layout, room) {
  const sideOf = new Map(sides.flatMap((side, i) => side.map((id) => /** @type {[number, number]} */ ([id, i]))));
  const gaps = ids.map((id, i) => [id, ids[(i + 1) % ids.length]]).filter(([a, b]) => sideOf.get(a) !== sideOf.get(b));
  if (gaps.length !== sides.length || ids.length < 2) return [];
  const points = [...layout.points.values()];
  const middle = { x: mean(points.map((p) => p.x)), y: mean(points.map((p) => p.y)) };
  const ends = gaps.map(([a, b]) => outward(layout, a, b, middle, room));
  const lines = ends.length === 2 ? [[ends[0], ends[1]]] : ends.map((end) => [middle, end]);
  return lines.map(([p, q]) => svg("line", { x1: p.x, y1: p.y, x2: q.x, y2: q.y, class: "wall" }));
}

/**
 * A point between two neighbours, some way out.
 * @param {Layout} layout
 * @param {number} a
 * @param {number} b
 * @param {Point} middle
 * @param {{width: number, height: number}} room
 * @returns {Point}
 */
function outward(layout, a, b, middle, room) {
  const [p, q] = [layout.points.get(a), layout.points.get(b)].map((x) => x ?? middle);
  const x = middle.x + ((p.x + q.x) / 2 - middle.x) * 1.5;
  const y = middle.y + ((p.y + q.y) / 2 - middle.y) * 1.5;
  return { x: Math.max(4, Math.min(room.width - 4, x)), y: Math.max(4, Math.min(room.height - 4, y)) };
}

/** @param {number[]} values */
function mean(values) {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}

/**
 * A short wall across one link.
 * @param {Layout} layout
 * @param {number} a
 * @param {number} b
 */
function stroke(layout, a, b) {
  const [p, q] = between(layout, a, b);
  const far = Math.hypot(q.x - p.x, q.y - p.y) || 1;
  const [dx, dy] = [(-(q.y - p.y) / far) * 13, ((q.x - p.x) / far) * 13];
  const { x, y } = onTheWay(layout, a, b, 0.5);
  return svg("line", { x1: x - dx, y1: y - dy, x2: x + dx, y2: y + dy, class: "wall" });
}

/**
 * @param {Layout} layout
 * @param {number} a
 * @param {number} b
 */
function crossedHead(layout, a, b) {
  const [p, q] = between(layout, a, b);
  const { x, y } = onTheWay(layout, a, b, 0.72);
  const turn = (Math.atan2(q.y - p.y, q.x - p.x) * 180) / Math.PI;
  return svg("g", { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${turn.toFixed(1)})`, class: "oneway" },
    svg("path", { d: "M9 0L-6 7V-7Z" }), svg("path", { d: "M-10 -10L10 10M-10 10L10 -10", class: "oneway-cross" }));
}

/** @param {Point} at */
function bars({ x, y }) {
  return svg("path", { d: `M${x - 3} ${y - 7}v14M${x + 3} ${y - 7}v14`, class: "held" });
}
