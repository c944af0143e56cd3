// @ts-check
// What lies between the servers of the ring: open links, and links that people cut or held.

import { svg } from "./svg.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("./ringlayout.js").Layout} Layout */
/** @typedef {import("./boxes.js").Point} Point */
/** @typedef {{a: number, b: number, solid: boolean}} Link */

const MANY = 10; // servers from which on idle links are drawn for the selected one only

/**
 * The links to draw: pairs of machines with an open connection, solid where one follows the other.
 * @param {Store} store
 * @param {number[]} ids
 * @returns {Link[]}
 */
export function links(store, ids) {
  const { world } = store;
  const conns = store.trace.vocabulary.field("conns");
  const leader = store.trace.vocabulary.field("leader");
  /** @type {Map<string, Link>} */
  const out = new Map();
  for (const id of ids) {
    for (const { values } of world.states.get(id)?.maps.get(conns)?.values() ?? []) {
      const peer = Number(values[0]);
      if (!ids.includes(peer)) continue;
      const [a, b] = id < peer ? [id, peer] : [peer, id];
      const solid = world.scalar(a, leader) === b || world.scalar(b, leader) === a;
      out.set(`${a}-${b}`, { a, b, solid });
    }
  }
  return [...out.values()];
}

/**
 * Makes the lines between servers. A wider one that is not seen takes the pointer.
 * @param {Store} store
 * @param {Layout} layout
 * @returns {SVGElement[]}
 */
export function linkShapes(store, layout) {
  const ids = [...layout.points.keys()];
  const told = (/** @type {Link} */ { a, b, solid }) => ids.length < MANY || solid || store.server === a || store.server === b;
  return links(store, ids).filter(told).flatMap(({ a, b, solid }) => {
    const [from, to] = between(layout, a, b);
    const at = { x1: from.x, y1: from.y, x2: to.x, y2: to.y };
    const picked = (store.server === a && store.peer === b) || (store.server === b && store.peer === a);
    const name = `link${solid ? " link-solid" : ""}${picked ? " link-picked" : ""}`;
    return [svg("line", { ...at, class: name }), svg("line", { ...at, class: "link-touch", "data-a": a, "data-b": b })];
  });
}

/**
 * The ends of the line between two discs, at their edges; what stands around a disc covers them.
 * @param {Layout} layout
 * @param {number} a
 * @param {number} b
 * @returns {[Point, Point]}
 */
export function between(layout, a, b) {
  const p = /** @type {Point} */ (layout.points.get(a));
  const q = /** @type {Point} */ (layout.points.get(b));
  const far = Math.hypot(q.x - p.x, q.y - p.y) || 1;
  const reach = layout.radius + 4;
  const dx = ((q.x - p.x) / far) * reach;
  const dy = ((q.y - p.y) / far) * reach;
  return [{ x: p.x + dx, y: p.y + dy }, { x: q.x - dx, y: q.y - dy }];
}

/**
 * A point on the way from one disc to another.
 * @param {Layout} layout
 * @param {number} from
 * @param {number} to
 * @param {number} share
 * @returns {Point}
 */
export function onTheWay(layout, from, to, share) {
  const [p, q] = between(layout, from, to);
  return { x: p.x + (q.x - p.x) * share, y: p.y + (q.y - p.y) * share };
}
