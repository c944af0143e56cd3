// Where discs, labels and plates stand: never on each other.

import { Taken, boxAround, overlap, touches } from "/js/draw/boxes.js";
import { layOut, moved, ringsOf } from "/js/draw/ringlayout.js";
import { holds, same } from "./expect.js";

const ROOMS = [[330, 250], [365, 270], [460, 280], [366, 320], [700, 420]];

export function nothingOverlapsWhateverTheNumberOfServers() {
  for (const [width, height] of ROOMS) {
    for (let n = 1; n <= 25; n++) apart(n, width, height);
  }
}

function apart(n, width, height) {
  const ids = Array.from({ length: n }, (_, i) => i + 1);
  const { points, labels, radius } = layOut(ids, width, height);
  const what = `${n} servers in ${width} x ${height}`;
  const boxes = ids.map((id) => moved(labels.get(id).box, points.get(id)));
  for (const [i, a] of ids.entries()) {
    const p = points.get(a);
    holds(p.x >= radius && p.y >= radius && p.x <= width - radius && p.y <= height - radius, `${what}: ${a} is outside`);
    for (const [j, b] of ids.entries()) {
      if (a === b) continue;
      const q = points.get(b);
      holds(Math.hypot(p.x - q.x, p.y - q.y) >= 2 * radius, `${what}: ${a} lies on ${b}`);
      if (labels.get(a).lines === 0) continue;
      holds(!overlap(boxes[i], boxes[j]), `${what}: labels of ${a} and ${b} overlap`);
      holds(!touches(boxes[i], q, radius + ringsOf(n)), `${what}: the label of ${a} lies on ${b}`);
    }
  }
}

export function discsAreLargeForFewAndReadableForMany() {
  const radius = (n) => layOut(Array.from({ length: n }, (_, i) => i + 1), 460, 300).radius;
  holds(radius(3) >= 30, `3 servers: ${radius(3)}`);
  holds(radius(25) >= 12, `25 servers: ${radius(25)}`);
}

export function upToNineServersHaveLabels() {
  for (let n = 1; n <= 9; n++) {
    const { labels } = layOut(Array.from({ length: n }, (_, i) => i + 1), 460, 270);
    holds(labels.get(1).lines > 0, `${n} servers have no labels`);
  }
}

export function aPlateTakesOnlyWhatIsFree() {
  const taken = new Taken(100, 100);
  taken.circles.push({ middle: { x: 20, y: 50 }, radius: 10 });
  same(taken.isFree(boxAround(20, 50, 10, 10)), false);
  same(taken.isFree(boxAround(60, 50, 20, 10)), true);
  taken.take(boxAround(60, 50, 20, 10));
  same(taken.isFree(boxAround(65, 52, 20, 10)), false);
  same(taken.isFree(boxAround(95, 90, 20, 10)), false, "outside");
}
