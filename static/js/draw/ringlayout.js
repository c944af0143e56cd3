// @ts-check
// Where the servers of the ring stand.

/** @typedef {{x: number, y: number}} Point */
/** @typedef {{points: Map<number, Point>, radius: number, outside: boolean}} Layout */

const ABOVE = 18; // room for the pips over a disc
const BELOW = 42; // room for the two lines under a disc
const BESIDE = 46; // half the width of those lines

/**
 * Places servers clockwise from the top, as large as they fit.
 * @param {number[]} ids
 * @param {number} width
 * @param {number} height
 * @returns {Layout}
 */
export function layOut(ids, width, height) {
  const n = ids.length;
  const radius = discRadius(n, Math.min(width, height));
  const unit = ids.map((_, i) => {
    const angle = (2 * Math.PI * i) / n - Math.PI / 2;
    return { x: Math.cos(angle), y: Math.sin(angle) };
  });
  const [left, right] = extent(unit.map((p) => p.x));
  const [top, bottom] = extent(unit.map((p) => p.y));
  const edge = Math.max(radius + 10, BESIDE);
  const x = scale(edge, width - edge, left, right);
  const y = scale(radius + ABOVE, height - radius - BELOW, top, bottom);
  const wide = Math.min(x.by, y.by * 1.35);
  const points = new Map(ids.map((id, i) => [id, {
    x: width / 2 + (unit[i].x - (left + right) / 2) * wide,
    y: y.at(unit[i].y),
  }]));
  return { points, radius, outside: n > 9 };
}

/**
 * @param {number} n servers
 * @param {number} room the smaller side of the picture
 */
function discRadius(n, room) {
  const wanted = n <= 9 ? 34 - n : Math.max(14, 26 - n / 2);
  return Math.max(14, Math.min(wanted, room / 9));
}

/** @param {number[]} values */
function extent(values) {
  return [Math.min(...values), Math.max(...values)];
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} low
 * @param {number} high
 */
function scale(from, to, low, high) {
  const by = high > low ? Math.max(0, to - from) / (high - low) : 0;
  const start = high > low ? from : (from + to) / 2;
  return { by, at: (/** @type {number} */ v) => start + (v - low) * by };
}
