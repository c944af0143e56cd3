// @ts-check
// One server of the ring: its role by shape and hue, its words beside it.

import { DOWN, ABSENT, ELECTING, FROZEN, LEADING, OBSERVING, SYNCING, hues } from "../core/roles.js";
import { svg } from "./svg.js";

/** @typedef {import("./ringlayout.js").Label} Label */
/**
 * What a disc shows. timer is the share of the running timer that is left, -1 for none; past is the
 * roles before this one, the latest first.
 * @typedef {{id: number, role: number, word: string, below: string, selected: boolean, lit: boolean,
 *   votes: boolean[], timer: number, past: number[]}} Face
 */

const SMALL = 20; // radius below which a disc shows less

/** Dash patterns of rings by role. @type {Object<number, string>} */
const dashes = { [ELECTING]: "disc-dashed", [DOWN]: "disc-dotted", [ABSENT]: "disc-dotted" };

/**
 * Makes the shapes of a server around (0, 0).
 * @param {Face} face
 * @param {number} r radius
 * @param {Label} label
 * @returns {SVGElement[]}
 */
export function discShapes(face, r, label) {
  const role = face.role % FROZEN;
  const hue = `stroke-${hues[role]}`;
  const out = [svg("circle", { r: around(face, role, r), class: "disc-ground" })];
  if (face.lit) out.push(svg("circle", { r: r + lit(r), class: "disc-lit" }));
  out.push(...past(face.past, r), outline(role, r, hue));
  if (role === SYNCING) out.push(half(r - 2));
  if (role === LEADING) out.push(svg("circle", { r: r + (r < SMALL ? 4 : 5), class: `disc-outer ${hue}` }));
  if (role === DOWN || role === ABSENT) out.push(crossed(r));
  if (face.timer >= 0) out.push(timer(face.timer, r - (r < SMALL ? 3.5 : 6)));
  if (face.role >= FROZEN) out.push(bars(r));
  if (role === ELECTING) out.push(...pips(face.votes, r));
  if (face.selected) out.push(svg("circle", { r: r + lit(r), class: "disc-selected" }));
  out.push(svg("text", { class: "disc-id", y: 1, "font-size": Math.round(r * 0.72) }, `${face.id} `));
  out.push(...words(face, label));
  return out;
}

/**
 * How far out the rings around a disc reach, under which links end.
 * @param {Face} face
 * @param {number} role
 * @param {number} r
 */
function around(face, role, r) {
  if (face.past.length > 0 && r >= SMALL) return r + 6.5 + 2.5 * face.past.length;
  return role === LEADING ? r + 7 : r + 3;
}

/**
 * How far out what marks a disc stands.
 * @param {number} r
 */
function lit(r) {
  return r < SMALL ? 4 : 9;
}

/**
 * @param {Face} face
 * @param {Label} label
 */
function words(face, { x, y, anchor, lines }) {
  const out = [];
  const at = { x, "text-anchor": anchor };
  if (lines > 0) out.push(svg("text", { ...at, y, class: "disc-word" }, `${face.word} `));
  if (lines > 1) out.push(svg("text", { ...at, y: y + 15, class: "disc-below" }, face.below));
  return out;
}

/**
 * @param {number} role
 * @param {number} r
 * @param {string} hue
 */
function outline(role, r, hue) {
  const kind = role === LEADING ? "disc-leading" : dashes[role] ?? "disc-plain";
  if (role === OBSERVING) {
    return svg("rect", { x: -r, y: -r, width: 2 * r, height: 2 * r, rx: 3, class: `disc ${kind} ${hue}` });
  }
  return svg("circle", { r, class: `disc ${kind} ${hue}` });
}

/**
 * The roles before this one as thin rings, so that a restart can be seen after the fact.
 * @param {number[]} roles
 * @param {number} r
 */
function past(roles, r) {
  return (r < SMALL ? [] : roles).map((value, i) => {
    const role = value % FROZEN;
    return svg("circle", { r: r + 7.5 + 2.5 * i, class: `disc-past ${dashes[role] ?? ""} stroke-${hues[role]}` });
  });
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
 * The time that is left, from the top clockwise.
 * @param {number} share
 * @param {number} r
 */
function timer(share, r) {
  if (share > 0.995) return svg("circle", { r, class: "disc-timer" });
  const angle = 2 * Math.PI * (1 - share);
  const [x, y] = [(r * Math.sin(angle)).toFixed(1), (-r * Math.cos(angle)).toFixed(1)];
  return svg("path", { d: `M${x} ${y}A${r} ${r} 0 ${share > 0.5 ? 1 : 0} 1 0 ${-r}`, class: "disc-timer" });
}

/**
 * One pip for each vote in hand, filled if it is for the same candidate.
 * @param {boolean[]} votes
 * @param {number} r
 */
function pips(votes, r) {
  const [size, away] = r < SMALL ? [1.5, r + 3.5] : [3.2, r + 6.5];
  const step = Math.min((3 * size) / away, 6 / Math.max(1, votes.length));
  return votes.map((same, i) => {
    const angle = (i - (votes.length - 1) / 2) * step;
    const [x, y] = [Math.sin(angle) * away, -Math.cos(angle) * away];
    return svg("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: size, class: same ? "pip pip-same" : "pip" });
  });
}
