// @ts-check
// Packets on their way between servers. Those of one name on one link are one bead with a count; names
// stand on plates where there is room, and never on a disc or a label.

import { plateOf, styles } from "../core/family.js";
import { familyHue } from "./arrows.js";
import { boxAround } from "./boxes.js";
import { onTheWay } from "./ring.js";
import { svg } from "./svg.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("./ringlayout.js").Layout} Layout */
/** @typedef {import("./boxes.js").Point} Point */
/** @typedef {import("./boxes.js").Taken} Taken */
/** @typedef {{from: number, to: number, word: string, hue: string, share: number, count: number, here: boolean}} Bead */

const PLATES = 5; // beads of which each still gets its name while the run plays
const LETTER = 7.4; // mean width of a letter on a plate
const TALL = 22;
const WALL = 0.42; // how far packets get towards a cut, which lies in the middle
const RECENT = 40; // events within which a loss is still seen
const RECENTLY = 4e7; // nanoseconds, the same in time

/**
 * Makes the packets under way at the cursor.
 * @param {Store} store
 * @param {Layout} layout
 * @param {Taken} taken
 * @param {{still: boolean, named: boolean}} how still: nothing may travel; named: each gets its name, if there is room
 * @returns {SVGElement[]}
 */
export function packetShapes(store, layout, taken, { still, named }) {
  const beads = beadsOf(store, layout, still);
  const all = named || !store.following || !store.head.playing || beads.length <= PLATES;
  return beads.map((bead) => shape(bead, layout, taken, all || bead.here));
}

/**
 * The packets as beads; the one that the event is about comes first and takes the best place.
 * @param {Store} store
 * @param {Layout} layout
 * @param {boolean} still
 * @returns {Bead[]}
 */
function beadsOf(store, layout, still) {
  const { arrows } = store;
  const here = store.following ? -1 : arrows.of(store.cursor);
  const flying = arrows.inFlight(store.cursor).filter((i) => store.isShown(arrows.send.data[i]));
  if (here >= 0 && !flying.includes(here)) flying.push(here);
  /** @type {Map<string, Bead>} */
  const beads = new Map();
  for (const i of flying) {
    const [from, to] = [arrows.from.data[i], arrows.to.data[i]];
    if (!layout.points.has(from) || !layout.points.has(to)) continue;
    const bead = beadOf(store, i, i === here, still);
    const key = `${from} ${to} ${bead.word}`;
    const other = beads.get(key);
    if (other) Object.assign(other, { count: other.count + 1, here: other.here || bead.here, share: Math.max(other.share, bead.share) });
    else beads.set(key, bead);
  }
  return [...beads.values()].sort((a, b) => Number(b.here) - Number(a.here));
}

/**
 * @param {Store} store
 * @param {number} i
 * @param {boolean} here
 * @param {boolean} still
 * @returns {Bead}
 */
function beadOf(store, i, here, still) {
  const { arrows, trace } = store;
  const row = trace.at(arrows.send.data[i]);
  const cut = store.links.isCut(store.world, arrows.from.data[i], arrows.to.data[i]);
  const share = Math.min(cut ? WALL : 1, store.following && !still ? arrows.progress(i, store.now) : 0.5);
  return { from: arrows.from.data[i], to: arrows.to.data[i], word: row ? plateOf(trace.vocabulary, row) : "",
    hue: familyHue[styles[arrows.style.data[i]].family], share, count: 1, here };
}

/**
 * @param {Bead} bead
 * @param {Layout} layout
 * @param {Taken} taken
 * @param {boolean} named
 * @returns {SVGElement}
 */
function shape(bead, layout, taken, named) {
  const at = onTheWay(layout, bead.from, bead.to, bead.share);
  const word = bead.count > 1 ? `${bead.word} ×${bead.count}` : bead.word;
  const group = svg("g", { class: `packet stroke-${bead.hue}${bead.here ? " packet-here" : ""}` });
  const plate = named ? roomFor(bead, layout, taken, word.length * LETTER + 16) : undefined;
  if (!plate) {
    group.append(svg("circle", { cx: at.x, cy: at.y, r: bead.count > 1 ? 8 : 5, class: `fill-${bead.hue}` }));
    if (bead.count > 1) group.append(svg("text", { x: at.x, y: at.y + 1, class: "bead-count" }, String(bead.count)));
    return group;
  }
  if (Math.hypot(plate.x - at.x, plate.y - at.y) > TALL / 2) {
    group.append(svg("line", { x1: at.x, y1: at.y, x2: plate.x, y2: plate.y, class: "leader-line" }),
      svg("circle", { cx: at.x, cy: at.y, r: 4, class: `fill-${bead.hue}` }));
  }
  group.append(svg("rect", { x: plate.x - plate.wide / 2, y: plate.y - TALL / 2, width: plate.wide, height: TALL, rx: 4, class: "plate" }),
    svg("text", { x: plate.x, y: plate.y + 1, class: "plate-word" }, word));
  return group;
}

/**
 * A free place for a plate: along the link, then beside it.
 * @param {Bead} bead
 * @param {Layout} layout
 * @param {Taken} taken
 * @param {number} wide
 * @returns {(Point & {wide: number}) | undefined}
 */
function roomFor(bead, layout, taken, wide) {
  const [p, q] = [0, 1].map((share) => onTheWay(layout, bead.from, bead.to, share));
  const far = Math.hypot(q.x - p.x, q.y - p.y) || 1;
  for (const aside of [0, 18, -18, 36, -36, 56, -56, 84, -84, 116, -116, 150, -150]) {
    for (let step = 0; step <= 20; step++) {
      const share = bead.share + (step % 2 ? 1 : -1) * Math.ceil(step / 2) * 0.045;
      if (share < 0.05 || share > 0.95) continue;
      const x = p.x + (q.x - p.x) * share - ((q.y - p.y) / far) * aside;
      const y = p.y + (q.y - p.y) * share + ((q.x - p.x) / far) * aside;
      const box = boxAround(x, y, wide + 4, TALL + 4);
      if (!taken.isFree(box)) continue;
      taken.take(box);
      return { x, y, wide };
    }
  }
  return undefined;
}

/**
 * Makes a cross for each packet that was lost a moment ago, where it was lost.
 * @param {Store} store
 * @param {Layout} layout
 * @returns {SVGElement[]}
 */
export function lossShapes(store, layout) {
  const { arrows, trace, cursor, now } = store;
  const out = [];
  for (let seq = cursor; seq > Math.max(0, cursor - RECENT); seq--) {
    if (trace.kind.data[seq - 1] !== trace.lost || now - trace.time.data[seq - 1] > RECENTLY || !store.isShown(seq)) continue;
    const i = arrows.of(seq);
    if (i < 0 || !layout.points.has(arrows.from.data[i]) || !layout.points.has(arrows.to.data[i])) continue;
    const { x, y } = onTheWay(layout, arrows.from.data[i], arrows.to.data[i], 0.82);
    out.push(svg("path", { d: `M${x - 6} ${y - 6}l12 12M${x - 6} ${y + 6}l12 -12`, class: "lost" }));
  }
  return out;
}
