// @ts-check
// Pictures that stand alone: what style sheets say of elements goes into the elements themselves.

import { svg } from "./svg.js";

const SHAPE = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity",
  "paint-order", "font-family", "font-size", "font-weight", "text-anchor", "dominant-baseline"];
const NOTHING = "rgba(0, 0, 0, 0)";
const DASHES = new Map([["dashed", "5 3"], ["dotted", "1.5 2.5"]]);

/** @typedef {{x: number, y: number, width: number, height: number}} Box */

/**
 * A colour as every program that draws SVG knows it.
 * @param {string} colour as the browser computes it
 */
export function plain(colour) {
  const m = /^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.]+))?\)$/.exec(colour);
  if (!m) return colour;
  const [r, g, b] = m.slice(1, 4).map((n) => Math.round(Number(n) * 255));
  return `rgba(${r}, ${g}, ${b}, ${m[4] ?? 1})`;
}

/**
 * A copy of an SVG picture with its styles inside, at a place of another.
 * @param {SVGSVGElement} picture
 * @param {Box} box
 */
export function inlined(picture, { x, y, width, height }) {
  const copy = /** @type {SVGSVGElement} */ (picture.cloneNode(true));
  const from = [...picture.querySelectorAll("*")];
  [...copy.querySelectorAll("*")].forEach((element, i) => {
    const style = getComputedStyle(from[i]);
    for (const name of SHAPE) element.setAttribute(name, plain(style.getPropertyValue(name)));
    for (const name of ["class", "role", "tabindex", "style"]) element.removeAttribute(name);
  });
  for (const [name, value] of Object.entries({ x, y, width, height })) copy.setAttribute(name, String(value));
  return copy;
}

/**
 * The boxes and words of an HTML element as shapes, without controls and what nobody sees.
 * @param {Element} root
 * @param {(box: DOMRect) => Box} place where a box of the page stands in the picture
 * @returns {SVGElement[]}
 */
export function flattened(root, place) {
  /** @type {{z: number, shape: SVGElement}[]} */
  const shapes = [];
  const visit = (/** @type {Element} */ element, /** @type {number} */ above) => {
    if (!isDrawn(element)) return;
    const style = getComputedStyle(element);
    const z = style.position === "sticky" ? 1 : above; // drawn over what scrolls under it
    const box = place(element.getBoundingClientRect());
    for (const shape of boxShapes(element, style, box)) shapes.push({ z, shape });
    for (const child of element.childNodes) {
      if (child instanceof Element) visit(child, z);
      else if (child instanceof Text) for (const shape of textShapes(child, style, place)) shapes.push({ z, shape });
    }
  };
  visit(root, 0);
  return shapes.sort((a, b) => a.z - b.z).map(({ shape }) => shape);
}

/** @param {Element} element */
function isDrawn(element) {
  if (element.matches("canvas, svg, select, input, .spoken, .hidden, button:not([aria-selected=true])")) return false;
  return element.checkVisibility({ visibilityProperty: true });
}

/**
 * @param {Element} element
 * @param {CSSStyleDeclaration} style
 * @param {Box} box
 * @returns {SVGElement[]}
 */
function boxShapes(element, style, { x, y, width, height }) {
  const edge = style.borderLeftStyle !== "none" && style.borderTopStyle !== "none" ? parseFloat(style.borderTopWidth) : 0;
  const fill = style.backgroundColor === NOTHING ? "none" : plain(style.backgroundColor);
  const clear = edge === 0 || style.borderTopColor === NOTHING;
  const shapes = [];
  const at = { x: x + edge / 2, y: y + edge / 2, width: Math.max(0, width - edge), height: Math.max(0, height - edge), rx: 4 };
  if (fill !== "none" || !clear) {
    shapes.push(svg("rect", { ...at, fill, stroke: clear ? "none" : plain(style.borderTopColor), "stroke-width": edge,
      "stroke-dasharray": DASHES.get(style.borderTopStyle) ?? "none" }));
  }
  if (element.matches(".cell.lit")) {
    const stroke = plain(getComputedStyle(document.documentElement).getPropertyValue("--action"));
    shapes.push(svg("rect", { x: x - 3, y: y - 3, width: width + 6, height: height + 6, rx: 5, fill: "none", stroke, "stroke-width": 2 }));
  }
  return shapes;
}

/**
 * @param {Text} node
 * @param {CSSStyleDeclaration} style
 * @param {(box: DOMRect) => Box} place
 */
function textShapes(node, style, place) {
  const size = parseFloat(style.fontSize);
  return linesOf(node).map(({ words, box }) => {
    const { x, y, width, height } = place(box);
    return svg("text", { x, y: y + height / 2 + size * 0.36, textLength: width, fill: plain(style.color), "font-family": style.fontFamily,
      "font-size": size, "font-weight": style.fontWeight, "text-decoration": style.textDecorationLine }, words);
  });
}

/**
 * A text as it is broken into lines.
 * @param {Text} node
 */
function linesOf(node) {
  const range = document.createRange();
  /** @type {{words: string, box: DOMRect}[]} */
  const lines = [];
  for (const { 0: word, index } of (node.textContent ?? "").matchAll(/\S+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const box = range.getBoundingClientRect();
    const last = lines.at(-1);
    if (box.width === 0) continue;
    if (last && Math.abs(last.box.top - box.top) < 2) {
      last.words += ` ${word}`;
      last.box = new DOMRect(last.box.x, last.box.y, box.right - last.box.x, last.box.height);
    } else lines.push({ words: word, box });
  }
  return lines;
}
