// @ts-check
// A grid behind one tab stop: arrows move from cell to cell, Enter picks one.

/**
 * @param {HTMLElement} element whose rows have the role row, and cells data-cell
 * @param {(cell: HTMLElement) => void} pick
 */
export function arrowsIn(element, pick) {
  element.addEventListener("keydown", (e) => {
    const cell = /** @type {HTMLElement | null} */ (document.activeElement);
    if (!cell?.dataset.cell || e.ctrlKey || e.altKey || e.metaKey || e.shiftKey) return;
    if (e.key === "Enter" || e.key === " ") pick(cell);
    else if (!move(element, cell, e.key)) return;
    e.preventDefault();
  });
}

/**
 * @param {HTMLElement} element
 * @param {HTMLElement} cell
 * @param {string} key
 * @returns {boolean} whether the key moves the focus
 */
function move(element, cell, key) {
  const rows = [...element.querySelectorAll('[role="row"]')].map((row) => [...row.querySelectorAll("[data-cell]")]);
  const y = rows.findIndex((row) => row.includes(cell));
  const x = rows[y]?.indexOf(cell) ?? -1;
  const to = { ArrowRight: [x + 1, y], ArrowLeft: [x - 1, y], ArrowDown: [x, y + 1], ArrowUp: [x, y - 1] }[key];
  if (!to) return false;
  const next = /** @type {HTMLElement | undefined} */ (rows[to[1]]?.[to[0]]);
  if (!next) return true;
  cell.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
  return true;
}
