// Branches of a run, and two runs held against each other.

import { Parting, cursorAt, differences, mismatch, timesOf } from "/js/core/compare.js";
import { Deeds } from "/js/core/deeds.js";
import { replay } from "/js/core/kept.js";
import { commonOf, kinOf, lineOf } from "/js/core/kin.js";
import { Store } from "/js/core/store.js";
import { header, row, same, holds, field } from "./expect.js";

const family = [{ id: "m" }, { id: "x", from: "m", after: 100 }, { id: "y", from: "x", after: 300 },
  { id: "z", from: "m", after: 50 }, { id: "o", from: "gone", after: 70 }, { id: "p", from: "gone", after: 90 }];

export function runsHaveACommonPastUntilTheyPart() {
  same([["y", "m"], ["m", "y"], ["y", "x"], ["y", "z"], ["x", "z"], ["o", "p"], ["o", "m"]].map(([a, b]) => commonOf(family, a, b)),
    [100, 100, 300, 50, 50, 70, 0]);
  same(commonOf(family, "y", "y") === Infinity, true);
}

export function branchesFollowTheRunTheyComeFrom() {
  same(kinOf(family, "m").map(({ id, depth }) => `${id}${depth}`), ["m0", "x0".replace("0", "1"), "y2", "z1", "o0", "p0"]);
  same([lineOf({ at: 1, do: "kill 2" }), lineOf({ at: 1, cli: "ls /", server: 3 })], ["kill 2", "[3] ls /"]);
}

export function aBranchHasWhatWasDoneBeforeItsEvent() {
  const deeds = new Deeds({ ...header(), room: "r", config: { servers: 3 } });
  same(deeds.take({ actions: [{ at: 10, after: 5, do: "kill 1" }, { at: 20, after: 9, do: "start 1" }] }), false);
  const branch = deeds.from(9);
  same([branch.after, branch.from, branch.actions.length], [9, "r", 1], "what comes after event 9 is not done");
  same(deeds.from(10).actions.length, 2);
  same([deeds.beforeLast().after, deeds.beforeLast().actions.length], [9, 1]);
  same(deeds.take({ family }), true);
  same(deeds.take({ choices: [{ do: "flush 1" }] }), true);
}

export async function aBranchIsAskedForByItsEvent() {
  let asked;
  const ask = async (address, { body }) => {
    asked = JSON.parse(body);
    return { ok: true, json: async () => ({ page: "/runs/b" }) };
  };
  const deeds = new Deeds({ ...header(), room: "r", config: { servers: 3 } });
  same((await replay(deeds.from(9), ask)).page, "/runs/b");
  same(asked, { servers: 3, actions: [], after: 9, from: "r" });
  await replay(deeds.at(20), ask);
  same(asked, { servers: 3, actions: [], until: 20 });
}

/** A store with rows; each is told by what differs from the usual. */
function runOf(...events) {
  const head = header();
  head.machines.forEach((m) => (m.role = "participant"));
  const store = new Store(head);
  store.following = false;
  store.append(events.map((e, i) => row(i + 1, e)));
  return store;
}

const up = [1, 2, 3].map((node) => ({ node, is: "world.started", ops: [[1, field.process, null, ["up"]]] }));
const logs = (node, zxid) => ({ node, args: [zxid], ops: [[2, field.log, null, [zxid]]] });

export function runsPartAtTheFirstEventThatDiffers() {
  const a = runOf(...up, logs(1, [1, 1]), logs(2, [1, 1]));
  const b = runOf(...up, logs(1, [1, 1]));
  const parting = new Parting(a.trace, b.trace);
  same(parting.look(), 0, "one is only shorter");
  same(parting.same, 4);
  b.append([row(5, logs(2, [1, 2]))]);
  same(parting.look(), 5);
  b.append([row(6, logs(2, [1, 3]))]);
  same(parting.look(), 5, "the first one stays");
  a.cursor = b.cursor = 5;
  same(differences(a, b), [{ what: "log", id: 2, a: "1:1", b: "1:2" }]);
  a.cursor = b.cursor = 4;
  same(differences(a, b), []);
}

export function bothRunsAreShownAtOneTime() {
  const a = runOf({ time: 10 }, { time: 20 }, { time: 20 }, { time: 40 });
  const b = runOf({ time: 10 }, { time: 30 });
  same(timesOf(a, b), [10, 20, 30, 40]);
  same([20, 30, 5].map((t) => [cursorAt(a, t), cursorAt(b, t)]), [[3, 1], [3, 2], [0, 0]]);
}

export function runsOfDifferentHeadersSayWhyNot() {
  same([mismatch(header(), header()), mismatch(header(3), header(5)), mismatch(header(), { ...header(), engine: "2" }),
    mismatch(header(), { ...header(), timers: ["x"] })], ["", "machines", "engine", "vocabulary"]);
}

export function aHundredThousandEventsAreComparedInASecond() {
  const rows = Array.from({ length: 100_000 }, (_, i) => row(i + 1, { node: 1 + (i % 3), args: [[1, i], "create", "/node"],
    ops: i % 10 === 0 ? [[1, field.vote, null, [i % 3, [1, i]]]] : [] }));
  const stores = [0, 1].map(() => {
    const store = new Store(header());
    store.append(rows);
    return store;
  });
  stores[0].append([row(100_001, { node: 1 })]);
  stores[1].append([row(100_001, { node: 2 })]);
  const began = performance.now();
  const parting = new Parting(stores[0].trace, stores[1].trace);
  same(parting.look(), 100_001);
  timesOf(...stores);
  const took = performance.now() - began;
  console.info(`compared in ${took.toFixed(0)} ms`);
  holds(took < 1000, `it took ${took.toFixed(0)} ms`);
}
