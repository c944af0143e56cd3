// @ts-check
// Making elements. Text goes in as text, never as markup.

/**
 * Makes an element with attributes and children. An attribute of undefined is left out.
 * @param {string} name
 * @param {Object<string, string | number | undefined>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(key, String(value));
  }
  element.append(...children);
  return element;
}

/**
 * Finds the part of an element by its name, which must be there.
 * @param {ParentNode} root
 * @param {string} name
 * @returns {HTMLElement}
 */
export function part(root, name) {
  const element = root.querySelector(`[data-part="${name}"]`);
  if (!(element instanceof HTMLElement)) throw new Error(`the page has no part ${name}`);
  return element;
}

/**
 * Makes a table of names and values.
 * @param {[name: string, value: string][]} rows
 */
export function lines(rows) {
  const body = rows.map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value)));
  return h("table", { class: "facts-table" }, h("tbody", {}, ...body));
}

/**
 * Puts a text into an element, unless it is there already.
 * @param {Element} element
 * @param {string} words
 */
export function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** @type {WeakMap<Element, {width: number, height: number}>} */
const sizes = new WeakMap();

const observer = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    sizes.set(target, contentRect);
    target.dispatchEvent(new Event("resized", { bubbles: true }));
  }
});

/**
 * The size of an element's content as the browser has told it last. To ask for it afresh would make
 * the browser lay out the page in the midst of drawing. When it changes, there is an event "resized".
 * @param {Element} element
 * @returns {{width: number, height: number}}
 */
export function sizeOf(element) {
  const known = sizes.get(element);
  if (known) return known;
  const size = element.getBoundingClientRect();
  sizes.set(element, size);
  observer.observe(element);
  return size;
}

/**
 * Sizes a canvas to its box in device pixels and returns its context scaled to CSS pixels.
 * @param {HTMLCanvasElement} canvas
 * @param {number} [zoom] how many times larger than usual everything is drawn
 * @returns {{ctx: CanvasRenderingContext2D, width: number, height: number}}
 */
export function fitted(canvas, zoom = 1) {
  const { width, height } = sizeOf(canvas);
  const scale = window.devicePixelRatio || 1;
  const w = Math.round(width * scale);
  const tall = Math.round(height * scale);
  if (canvas.width !== w || canvas.height !== tall) {
    canvas.width = w;
    canvas.height = tall;
  }
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  ctx.setTransform(scale * zoom, 0, 0, scale * zoom, 0, 0);
  return { ctx, width: width / zoom, height: height / zoom };
}
