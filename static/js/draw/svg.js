// @ts-check
// Making SVG elements.

const NAMESPACE = "http://www.w3.org/2000/svg";

/**
 * Makes an element with attributes and children.
 * @param {string} name
 * @param {Object<string, string | number>} [attributes]
 * @param {...(Node | string)} children
 * @returns {SVGElement}
 */
export function svg(name, attributes = {}, ...children) {
  const element = /** @type {SVGElement} */ (document.createElementNS(NAMESPACE, name));
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}
