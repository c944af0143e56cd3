import { World } from "/js/core/fold.js";
import { History } from "/js/core/history.js";
import { Trace } from "/js/core/trace.js";
import { header, holds, row, same, source } from "./expect.js";

/** A drawn run that sets, appends, cuts, puts, drops and resets. */
function drawn(seed, length) {
  const draw = source(seed);
  const op = () => {
    const code = [1, 2, 2, 2, 4, 4, 4, 4, 5, 5, 3, 6][draw(draw(40) === 0 ? 12 : 10)];
    const list = [1, 2][draw(2)];
    const map = [3, 4][draw(2)];
    if (code === 1) return [1, [0, 5, 6][draw(3)], null, [draw(9)]];
    if (code === 2) return [2, list, null, [[draw(3), draw(99)], "/a"]];
    if (code === 3) return [3, list, draw(30), []];
    if (code === 4) return [4, map, draw(40), [draw(9), "x"]];
    if (code === 5) return [5, map, draw(25) === 0 ? null : draw(40), []];
    return [6, 0, null, []];
  };
  return Array.from({ length }, (_, i) => row(i + 1, { node: 1 + draw(3), ops: Array.from({ length: draw(4) }, op) }));
}

/** A world in plain words; what is empty is left out, the order of entries is kept. */
function plain(world) {
  const out = {};
  for (const [id, state] of [...world.states].sort(([a], [b]) => a - b)) {
    out[id] = {
      scalars: [...state.scalars].sort(([a], [b]) => a - b),
      lists: [...state.lists].filter(([, l]) => l.length > 0).sort(([a], [b]) => a - b),
      maps: [...state.maps].filter(([, m]) => m.size > 0).sort(([a], [b]) => a - b).map(([f, m]) => [f, [...m.values()]]),
    };
  }
  return out;
}

function told(rows) {
  const trace = new Trace(header());
  const history = new History(trace);
  for (const r of rows) {
    const copy = structuredClone(r);
    trace.append(copy);
    history.append(copy);
  }
  return history;
}

export function whereverOneJumpsTheWorldIsAsIfFoldedFromTheStart() {
  const rows = drawn(3, 30000);
  const history = told(rows);
  const draw = source(99);
  const stops = [...new Set([0, 1, 2047, 2048, 2049, rows.length, ...Array.from({ length: 60 }, () => draw(rows.length))])];
  const want = new Map();
  const world = new World(header().fields);
  if (stops.includes(0)) want.set(0, JSON.stringify(plain(world)));
  for (const r of rows) {
    world.apply(r);
    if (stops.includes(r[0])) want.set(r[0], JSON.stringify(plain(world)));
  }
  for (let i = 0; i < 300; i++) {
    const seq = stops[draw(stops.length)];
    const got = history.at(seq);
    same(got.seq, seq, "number");
    holds(JSON.stringify(plain(got)) === want.get(seq), `the world after event ${seq}`);
  }
}

export function goingBackStepByStepShowsWhatGoingForwardShowed() {
  const rows = drawn(8, 5000);
  const history = told(rows);
  const seen = [];
  for (let seq = 4000; seq < 4100; seq++) seen.push(JSON.stringify(plain(history.at(seq))));
  for (let seq = 4099; seq >= 4000; seq--) {
    holds(JSON.stringify(plain(history.at(seq))) === seen[seq - 4000], `the world after event ${seq}`);
  }
}

export function keptWorldsAreNeverFarApart() {
  const { seqs } = told(drawn(5, 60000)).keyframes;
  holds(seqs.length > 3, `${seqs.length} kept`);
  holds(seqs.every((s, i) => i === 0 || s - seqs[i - 1] <= 16384 + 256), `kept at ${seqs}`);
}
