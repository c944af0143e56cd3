// @ts-check
// Many items behind one tab stop: the arrow keys move among them.

/** @typedef {{next: string[], previous: string[]}} Keys names of keys */

/** @type {Keys} */
const VERTICAL = { next: ["ArrowDown"], previous: ["ArrowUp"] };
/** @type {Keys} */
export const BOTH = { next: ["ArrowDown", "ArrowRight"], previous: ["ArrowUp", "ArrowLeft"] };

/**
 * Lets arrows move the focus among the items of a container. Items may come and go; settle() must
 * follow.
 * @param {Element} container
 * @param {string} selector of an item
 * @param {Keys} [keys]
 */
export function rove(container, selector, keys = VERTICAL) {
  container.addEventListener("keydown", (event) => {
    const e = /** @type {KeyboardEvent} */ (event);
    const items = itemsOf(container, selector);
    const here = items.indexOf(/** @type {any} */ (document.activeElement));
    const to = target(e.key, here, items.length, keys);
    if (to < 0 || here < 0) return;
    e.preventDefault();
    visit(items, items[to]);
    items[to].focus();
  });
  container.addEventListener("focusin", (e) => visit(itemsOf(container, selector), /** @type {any} */ (e.target)));
}

/**
 * @param {string} key
 * @param {number} here
 * @param {number} count
 * @param {Keys} keys
 */
function target(key, here, count, keys) {
  if (keys.next.includes(key)) return Math.min(count - 1, here + 1);
  if (keys.previous.includes(key)) return Math.max(0, here - 1);
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : -1;
}

/**
 * @param {Element} container
 * @param {string} selector
 * @returns {(HTMLElement | SVGElement)[]}
 */
function itemsOf(container, selector) {
  return /** @type {HTMLElement[]} */ ([...container.querySelectorAll(selector)]);
}

/**
 * @param {(HTMLElement | SVGElement)[]} items
 * @param {HTMLElement | SVGElement} item
 */
function visit(items, item) {
  if (!items.includes(item)) return;
  for (const i of items) i.setAttribute("tabindex", i === item ? "0" : "-1");
}

/**
 * Sees to it that exactly one of the items can be tabbed to.
 * @param {Element} container
 * @param {string} selector
 */
export function settle(container, selector) {
  const items = itemsOf(container, selector);
  const stop = items.find((i) => i.getAttribute("tabindex") === "0") ?? items[0];
  if (stop) visit(items, stop);
}
