// @ts-check
// One server of the ring: its role by shape and hue, its words below.

import { DOWN, ABSENT, ELECTING, FROZEN, LEADING, OBSERVING, SYNCING, hues } from "../core/roles.js";
import { svg } from "./svg.js";

/**
 * What a disc shows.
 * @typedef {{id: number, name: string, role: number, word: string, below: string, selected: boolean,
 *   lit: boolean, votes: boolean[]}} Face
 */

/**
 * Makes the shapes of a server around (0, 0).
 * @param {Face} face
 * @param {number} r radius
 * @returns {SVGElement[]}
 */
export function discShapes(face, r) {
  const role = face.role % FROZEN;
  const hue = `stroke-${hues[role]}`;
  const out = [];
  if (face.selected) out.push(svg("circle", { r: r + 12, class: "disc-selected" }));
  if (face.lit) out.push(svg("circle", { r: r + 9, class: "disc-lit" }));
  out.push(outline(role, r, hue));
  if (role === SYNCING) out.push(half(r - 2));
  if (role === LEADING) out.push(svg("circle", { r: r + 6, class: `disc-outer ${hue}` }));
  if (role === DOWN || role === ABSENT) out.push(crossed(r));
  if (face.role >= FROZEN) out.push(bars(r));
  if (role === ELECTING) out.push(...pips(face.votes, r));
  out.push(svg("text", { class: "disc-id", y: 1, "font-size": Math.round(r * 0.72) }, String(face.id)));
  out.push(svg("text", { class: "disc-word", y: r + 21 }, face.word));
  out.push(svg("text", { class: "disc-below", y: r + 37 }, face.below));
  return out;
}

/**
 * @param {number} role
 * @param {number} r
 * @param {string} hue
 */
function outline(role, r, hue) {
  const kind = role === ELECTING ? "disc-electing" : role === LEADING ? "disc-leading" : "disc-plain";
  if (role === OBSERVING) {
    return svg("rect", { x: -r, y: -r, width: 2 * r, height: 2 * r, rx: 3, class: `disc ${kind} ${hue}` });
  }
  return svg("circle", { r, class: `disc ${kind} ${hue}` });
}

/** @param {number} r */
function half(r) {
  return svg("path", { d: `M${-r} 0A${r} ${r} 0 0 0 ${r} 0Z`, class: "disc-half" });
}

/** @param {number} r */
function crossed(r) {
  const d = r * 0.71;
  return svg("path", { d: `M${-d} ${-d}L${d} ${d}M${-d} ${d}L${d} ${-d}`, class: "disc-cross" });
}

/** @param {number} r */
function bars(r) {
  const y = r * 0.55;
  return svg("path", { d: `M${r - 4} ${-y - 8}v14M${r + 3} ${-y - 8}v14`, class: "disc-bars" });
}

/**
 * One pip for each vote in hand, filled if it is for the same candidate.
 * @param {boolean[]} votes
 * @param {number} r
 */
function pips(votes, r) {
  return votes.map((same, i) => svg("circle", {
    cx: (i - (votes.length - 1) / 2) * 11, cy: -r - 9, r: 3.5,
    class: same ? "pip pip-same" : "pip",
  }));
}
