// @ts-check
// The ensemble as a picture: servers, open links, packets under way.

import { plateOf, styles } from "../core/family.js";
import { labelOf } from "./timeline.js";
import { familyHue } from "./arrows.js";
import { svg } from "./svg.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("./ringlayout.js").Layout} Layout */
/** @typedef {import("./ringlayout.js").Point} Point */

const PLATES = 4; // packets under way of which each still gets its name

/**
 * The links to draw: pairs of machines with an open connection, solid where one follows the other.
 * @param {Store} store
 * @param {number[]} ids
 * @returns {{a: number, b: number, solid: boolean}[]}
 */
export function links(store, ids) {
  const { world } = store;
  const conns = store.trace.vocabulary.field("conns");
  const leader = store.trace.vocabulary.field("leader");
  /** @type {Map<string, {a: number, b: number, solid: boolean}>} */
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
 * Makes the lines between servers.
 * @param {Store} store
 * @param {Layout} layout
 * @returns {SVGElement[]}
 */
export function linkShapes(store, layout) {
  return links(store, [...layout.points.keys()]).map(({ a, b, solid }) => {
    const [from, to] = between(layout, a, b);
    return svg("line", {
      x1: from.x, y1: from.y, x2: to.x, y2: to.y, class: solid ? "link link-solid" : "link",
    });
  });
}

/**
 * The ends of the line between two discs, at their edges.
 * @param {Layout} layout
 * @param {number} a
 * @param {number} b
 * @returns {[Point, Point]}
 */
function between(layout, a, b) {
  const p = /** @type {Point} */ (layout.points.get(a));
  const q = /** @type {Point} */ (layout.points.get(b));
  const far = Math.hypot(q.x - p.x, q.y - p.y) || 1;
  const dx = ((q.x - p.x) / far) * (layout.radius + 4);
  const dy = ((q.y - p.y) / far) * (layout.radius + 4);
  return [{ x: p.x + dx, y: p.y + dy }, { x: q.x - dx, y: q.y - dy }];
}

/**
 * Makes the packets under way at the cursor; the message that the event is about goes last, on top.
 * @param {Store} store
 * @param {Layout} layout
 * @returns {SVGElement[]}
 */
export function packetShapes(store, layout) {
  const { arrows } = store;
  const here = arrows.of(store.cursor);
  const flying = arrows.inFlight(store.cursor, store.now).filter((i) => store.isShown(arrows.send.data[i]));
  if (here >= 0 && !store.following && !flying.includes(here)) flying.push(here);
  const between = flying.filter((i) => layout.points.has(arrows.from.data[i]) && layout.points.has(arrows.to.data[i]));
  const named = between.length <= PLATES;
  return between.map((i) => packet(store, layout, i, named || (i === here && !store.following)));
}

/**
 * @param {Store} store
 * @param {Layout} layout
 * @param {number} i
 * @param {boolean} named
 */
function packet(store, layout, i, named) {
  const { arrows, trace } = store;
  const [from, to] = between(layout, arrows.from.data[i], arrows.to.data[i]);
  const share = store.following ? arrows.progress(i, store.now) : 0.5;
  const x = from.x + (to.x - from.x) * share;
  const y = from.y + (to.y - from.y) * share;
  const hue = familyHue[styles[arrows.style.data[i]].family];
  const group = svg("g", { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, class: `packet stroke-${hue}` });
  if (!named) {
    group.append(svg("circle", { r: 5, class: `fill-${hue}` }));
    return group;
  }
  const word = plateOf(trace.vocabulary, trace.rows[arrows.send.data[i] - 1]);
  const wide = word.length * 7.6 + 16;
  group.append(svg("rect", { x: -wide / 2, y: -12, width: wide, height: 24, rx: 4, class: "plate" }));
  group.append(svg("text", { class: "plate-word", y: 1 }, word));
  return group;
}

/**
 * What a reader of the screen hears of the ring.
 * @param {Store} store
 * @param {number} id
 * @param {string} word
 * @param {string} below
 */
export function spoken(store, id, word, below) {
  return `Server ${labelOf(id)}: ${word || "not started"}${below ? `, ${below}` : ""}`;
}
