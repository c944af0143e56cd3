// @ts-check
// A picture of what is on the screen, as one SVG that needs nothing else: the ring as shapes, the
// logs as boxes and words, the timeline as the image that it is.

import { flattened, inlined } from "../draw/inline.js";
import { svg } from "../draw/svg.js";

const EDGE = 20; // pixels around everything
const LETTER = 7.4; // width of a letter of the sentence, at most
const LINE = 20; // height of a line of it
const SHARP = 2; // pixels of the raster for each of the screen

/** @typedef {{title: string, facts: string, sentence: string}} Words */

/**
 * @param {HTMLElement} desk
 * @param {Words} words what stands above the picture
 * @returns {{text: string, width: number, height: number}}
 */
export function picture(desk, words) {
  const panels = [...desk.querySelectorAll("[data-panel=ensemble], [data-panel=logs], [data-panel=timeline]")]
    .filter((p) => p.checkVisibility({ visibilityProperty: true }));
  const boxes = panels.map((p) => p.getBoundingClientRect());
  const left = Math.min(...boxes.map((b) => b.left));
  const top = Math.min(...boxes.map((b) => b.top));
  const width = Math.max(...boxes.map((b) => b.right)) - left + 2 * EDGE;
  const { shapes, height: head } = heading(words, width);
  const height = Math.max(...boxes.map((b) => b.bottom)) - top + head + EDGE;
  const whole = svg("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` },
    svg("title", {}, `${words.title} · ${words.facts}`), svg("desc", {}, words.sentence),
    svg("rect", { width, height, fill: token("ground") }), ...shapes);
  panels.forEach((panel, i) => whole.append(panelShape(panel, boxes[i], { x: EDGE - left, y: head - top })));
  return { text: new XMLSerializer().serializeToString(whole), width, height };
}

/** @param {string} name */
function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/**
 * What the picture shows, and of which moment.
 * @param {Words} words
 * @param {number} width
 */
function heading({ title, facts, sentence }, width) {
  const text = (/** @type {string} */ said, /** @type {number} */ y, /** @type {number} */ size, /** @type {string} */ fill, weight = 400) =>
    svg("text", { x: EDGE, y, "font-family": token("sans"), "font-size": size, "font-weight": weight, fill: token(fill) }, said);
  const lines = broken(sentence, Math.floor((width - 2 * EDGE) / LETTER));
  const shapes = [text(`Zabscope · ${title}`, 32, 16, "ink", 700), text(facts, 52, 12, "second"),
    ...lines.map((line, i) => text(line, 76 + i * LINE, 14, "ink"))];
  return { shapes, height: 84 + lines.length * LINE };
}

/**
 * A sentence in lines of so many letters at most.
 * @param {string} sentence
 * @param {number} most
 */
function broken(sentence, most) {
  /** @type {string[]} */
  const lines = [];
  for (const word of sentence.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/**
 * A panel, cut off at its edges as on the screen.
 * @param {Element} panel
 * @param {DOMRect} box
 * @param {{x: number, y: number}} by how far the picture is moved
 */
function panelShape(panel, box, by) {
  const place = (/** @type {DOMRect} */ b) => ({ x: b.left - box.left, y: b.top - box.top, width: b.width, height: b.height });
  const shape = svg("svg", { x: box.left + by.x, y: box.top + by.y, width: box.width, height: box.height, overflow: "hidden" });
  shape.append(...flattened(panel, place));
  const ring = panel.querySelector("[data-part=ring] > svg");
  if (ring instanceof SVGSVGElement) shape.append(inlined(ring, place(ring.getBoundingClientRect())));
  const canvas = panel.querySelector("canvas");
  if (canvas) shape.append(svg("image", { ...place(canvas.getBoundingClientRect()), href: canvas.toDataURL("image/png") }));
  return shape;
}

/**
 * The same as pixels.
 * @param {Blob} drawn
 * @param {number} width
 * @param {number} height
 * @returns {Promise<Blob>}
 */
export async function rasterized(drawn, width, height) {
  const image = new Image();
  image.src = URL.createObjectURL(drawn);
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * SHARP;
  canvas.height = height * SHARP;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture"))), "image/png"));
}
