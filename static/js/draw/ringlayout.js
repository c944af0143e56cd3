// @ts-check
// Where the servers of the ring and their labels stand. The layout depends on nothing but their number
// and the room, so that nothing jumps while the run plays.

import { overlap, touches } from "./boxes.js";

/** @typedef {import("./boxes.js").Point} Point */
/** @typedef {import("./boxes.js").Box} Box */
/**
 * A label relative to the middle of its disc: its box, the place of its first line, how that is
 * anchored, and how many lines there is room for.
 * @typedef {{box: Box, x: number, y: number, anchor: "start" | "middle" | "end", lines: number}} Label
 */
/** @typedef {{points: Map<number, Point>, labels: Map<number, Label>, radius: number}} Layout */
/** @typedef {"below" | "above" | "left" | "right"} Side */

const MANY = 10; // servers from which on labels have one line
const LEAST = 14; // radius of a disc
const MOST = 34;
const WIDE = 90; // of a label
const WORD = 80; // of one that is a single word
const LINE = 15; // height of a line of it
const RINGS = 11; // what stands around a disc: outer rings, pips
const FEW_RINGS = 6; // the same around a small one
const FLAT = 1.7; // how much wider than high a ring may be

/**
 * Places servers clockwise from the top, as large as they fit.
 * @param {number[]} ids
 * @param {number} width
 * @param {number} height
 * @returns {Layout}
 */
export function layOut(ids, width, height) {
  const wanted = ids.length < MANY ? MOST - ids.length / 3 : Math.max(LEAST, 26 - ids.length / 2);
  for (const lines of ids.length < MANY ? [2, 1, 0] : [1, 0]) {
    const least = lines === 2 ? wanted * 0.6 : lines === 1 ? LEAST : 8;
    for (let radius = wanted; radius >= least; radius -= 1) {
      for (const sides of patterns(ids.length)) {
        const layout = place(ids, { width, height, radius, lines, sides });
        if (layout) return layout;
      }
    }
  }
  return place(ids, { width, height, radius: 8, lines: 0, sides: () => "below" }, true) ??
    { points: new Map(), labels: new Map(), radius: 8 };
}

/**
 * Where labels may stand: below, as far as that goes, else away from the middle.
 * @param {number} n
 * @returns {((unit: Point) => Side)[]}
 */
function patterns(n) {
  const outward = (/** @type {Point} */ { x, y }) => (Math.abs(x) > 0.3 ? (x > 0 ? "right" : "left") : y > 0 ? "below" : "above");
  const topRight = (/** @type {Point} */ { x, y }) => (y < -0.9 && Math.abs(x) < 0.1 ? "right" : "below");
  const upperOut = (/** @type {Point} */ u) => (u.y > 0.5 ? "below" : Math.abs(u.x) < 0.1 ? "right" : outward(u));
  const inward = (/** @type {Point} */ { x, y }) => (Math.abs(x) > 0.3 ? (x > 0 ? "left" : "right") : y > 0 ? "above" : "below");
  return n < MANY ? [topRight, upperOut, outward, inward] : [outward, inward];
}

/**
 * What stands around a disc.
 * @param {number} n
 */
export function ringsOf(n) {
  return n < MANY ? RINGS : FEW_RINGS;
}

/**
 * Directions from the middle, clockwise from the top; many of them with equal steps along an ellipse.
 * @param {number} n
 * @param {number} flat how much wider than high it is
 * @returns {Point[]}
 */
function directions(n, flat) {
  const at = (/** @type {number} */ turn) => ({ x: Math.sin(2 * Math.PI * turn), y: -Math.cos(2 * Math.PI * turn) });
  if (n < MANY) return Array.from({ length: n }, (_, i) => at(i / n));
  const fine = 720;
  const way = [0];
  for (let i = 1; i <= fine; i++) {
    const [p, q] = [at((i - 1) / fine), at(i / fine)];
    way.push(way[i - 1] + Math.hypot((q.x - p.x) * flat, q.y - p.y));
  }
  return Array.from({ length: n }, (_, i) => at(way.findIndex((w) => w >= (way[fine] * i) / n) / fine));
}

/**
 * @param {number[]} ids
 * @param {{width: number, height: number, radius: number, lines: number, sides: (unit: Point) => Side}} how
 * @param {boolean} [anyway] also if something overlaps
 * @returns {Layout | undefined} undefined if it does not fit
 */
function place(ids, { width, height, radius, lines, sides }, anyway = false) {
  const units = directions(ids.length, Math.min(FLAT, width / height));
  const rings = ringsOf(ids.length);
  const labels = units.map((unit) => label(sides(unit), radius + rings, lines));
  const reach = radius + rings;
  const x = spread(units.map((u) => u.x), labels.map(({ box }) => [Math.min(-reach, box.x0), Math.max(reach, box.x1)]), width);
  const y = spread(units.map((u) => u.y), labels.map(({ box }) => [Math.min(-reach, box.y0), Math.max(reach, box.y1)]), height);
  if (!x || !y) return undefined;
  const by = Math.min(x.by, FLAT * y.by);
  const points = units.map((u) => ({ x: x.middle + u.x * by, y: y.middle + u.y * y.by }));
  if (!anyway && collides(points, labels, radius)) return undefined;
  return { radius, points: new Map(ids.map((id, i) => [id, points[i]])), labels: new Map(ids.map((id, i) => [id, labels[i]])) };
}

/**
 * @param {Side} side
 * @param {number} r radius of the disc with all that stands around it
 * @param {number} lines
 * @returns {Label}
 */
function label(side, r, lines) {
  const gap = r + 3;
  const tall = lines * LINE;
  const wide = [0, WORD, WIDE][lines];
  const box = (/** @type {number} */ x0, /** @type {number} */ y0) => ({ x0, y0, x1: x0 + wide, y1: y0 + tall });
  switch (side) {
    case "below":
      return { box: box(-wide / 2, gap), x: 0, y: gap + 11, anchor: "middle", lines };
    case "above":
      return { box: box(-wide / 2, -gap - tall), x: 0, y: -gap - tall + 11, anchor: "middle", lines };
    case "right":
      return { box: box(gap, -tall / 2), x: gap, y: 11 - tall / 2, anchor: "start", lines };
  }
  return { box: box(-gap - wide, -tall / 2), x: -gap, y: 11 - tall / 2, anchor: "end", lines };
}

/**
 * How far apart places may be drawn so that what stands around them stays inside.
 * @param {number[]} units from -1 to 1
 * @param {number[][]} around what each needs on both sides
 * @param {number} room
 * @returns {{by: number, middle: number} | undefined}
 */
function spread(units, around, room) {
  let by = room;
  for (let i = 0; i < units.length; i++) {
    if (around[i][1] - around[i][0] > room) return undefined;
    for (let j = 0; j < units.length; j++) {
      const apart = units[j] - units[i];
      if (apart > 1e-9) by = Math.min(by, (room - around[j][1] + around[i][0]) / apart);
    }
  }
  if (by < 0) return undefined;
  const low = Math.max(...units.map((u, i) => -around[i][0] - u * by));
  const high = Math.min(...units.map((u, i) => room - around[i][1] - u * by));
  return { by, middle: (low + high) / 2 };
}

/**
 * @param {Point[]} points
 * @param {Label[]} labels
 * @param {number} radius
 */
function collides(points, labels, radius) {
  const rings = ringsOf(points.length);
  const apart = 2 * radius + (points.length < MANY ? 26 : 4);
  const boxes = labels.map(({ box }, i) => moved(box, points[i]));
  return points.some((p, i) => points.some((q, j) => i !== j && (
    Math.hypot(p.x - q.x, p.y - q.y) < apart ||
    (labels[i].lines > 0 && (overlap(boxes[i], boxes[j]) || touches(boxes[i], q, radius + rings))))));
}

/**
 * @param {Box} box
 * @param {Point} by
 * @returns {Box}
 */
export function moved(box, by) {
  return { x0: box.x0 + by.x, y0: box.y0 + by.y, x1: box.x1 + by.x, y1: box.y1 + by.y };
}
