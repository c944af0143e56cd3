// What tests say of results, and drawn numbers that are the same each time.

/** Fails unless two values have the same JSON. */
export function same(got, want, what = "") {
  const [g, w] = [JSON.stringify(got), JSON.stringify(want)];
  if (g !== w) throw new Error(`${what}: got ${g}, want ${w}`);
}

/** Fails unless a condition holds. */
export function holds(condition, what) {
  if (!condition) throw new Error(what);
}

/** Draws whole numbers in [0, below), the same ones for a seed. */
export function source(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const kinds = [
  { name: "world.started", args: ["incarnation"], depth: 0, source: "" },
  { name: "world.killed", args: [], depth: 0, source: "" },
  { name: "net.received", args: ["conn"], depth: 1, source: "" },
  { name: "net.lost", args: ["conn", "reason"], depth: 1, source: "" },
  { name: "timer.fired", args: ["timer"], depth: 3, source: "" },
  { name: "zab.packet", args: ["type", "zxid"], depth: 1, source: "" },
  { name: "log.appended", args: ["zxid"], depth: 2, source: "" },
];
const fields = ["process", "log", "vote", "acks", "timers", "state", "phase", "currentEpoch"].map((name, i) => (
  { name, shape: 0, columns: ["x"], survives: i < 2 }));

/** Codes of kinds and fields, by name. */
export const kind = Object.fromEntries(kinds.map((k, i) => [k.name, i]));
export const field = Object.fromEntries(fields.map((f, i) => [f.name, i]));

/** What a server says first about a run of some machines. */
export function header(servers = 3) {
  const machines = Array.from({ length: servers }, (_, i) => ({ id: i + 1, name: `server ${i + 1}`, role: "" }));
  return { protocol: 1, engine: "1", run: "test", seed: "7", speaks: "test", options: {}, machines, kinds, fields,
    checks: [], timers: [] };
}

/** A row, of which only what matters is told. */
export function row(seq, { time = seq * 1e5, node = 1, is = "log.appended", peer = 0, cause = 0, args = [], checks = [], ops = [] } = {}) {
  return [seq, time, node, kind[is], peer, cause, args, checks, ops];
}
