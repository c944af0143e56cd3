// What panels show, read off the visible state.

import { Bookmarks } from "/js/core/bookmarks.js";
import { changesOf } from "/js/core/changes.js";
import { Deeds } from "/js/core/deeds.js";
import { Logs, columnsOf, stateOf, ticksOf } from "/js/core/logs.js";
import { outlook } from "/js/core/quorum.js";
import { pending } from "/js/core/pending.js";
import { placeOf } from "/js/core/search.js";
import { Store } from "/js/core/store.js";
import { nodesOf } from "/js/core/tree.js";
import { verbs } from "/js/core/verbs.js";
import { header, row, same, holds } from "./expect.js";

const names = ["process", "links", "timers", "conns", "state", "phase", "currentEpoch", "lastProcessed", "log", "logDurable",
  "logCommitted", "tree", "sessions"];
const fields = names.map((name) => ({ name, shape: 0, columns: ["x"], survives: ["process", "links", "log"].includes(name) }));
const at = Object.fromEntries(names.map((name, i) => [name, i]));
const set = (field, ...values) => [1, at[field], null, values];
const append = (field, ...values) => [2, at[field], null, values];
const cut = (field, n) => [3, at[field], n, []];
const put = (field, key, ...values) => [4, at[field], key, values];
const drop = (field, key) => [5, at[field], key, []];

/** A store of three servers to which these things have happened. */
function after(...events) {
  const head = header();
  head.machines.forEach((m) => (m.role = "participant"));
  const store = new Store({ ...head, fields });
  store.append(events.map((e, i) => row(i + 1, e)));
  return store;
}

const up = [1, 2, 3].map((node) => ({ node, is: "world.started", ops: [set("process", "up")] }));
const leading = { node: 3, ops: [set("state", "LEADING"), set("phase", "BROADCAST"), set("currentEpoch", 1)] };

export function aHoleInALogIsAHole() {
  const store = after(...up,
    { node: 1, ops: [append("log", [1, 1]), append("log", [1, 3]), set("logDurable", 1), set("logCommitted", [1, 1])] },
    { node: 2, ops: [append("log", [1, 1]), append("log", [1, 2]), append("log", [1, 3])] });
  const model = new Logs(store);
  const logs = [1, 2].map((id) => model.of(id));
  const columns = columnsOf(logs);
  same(columns, [[1, 1], [1, 2], [1, 3]]);
  same(columns.map((z) => stateOf(logs[0], z)), ["committed", "missing", "logged"]);
  same([...ticksOf(logs[0], columns)], [[0, ["committed", "durable"]], [2, ["logged"]]]);
}

export function whatIsCutIsSeenUntilTheNextEvent() {
  const store = after(...up, { node: 1, ops: [append("log", [1, 1]), append("log", [1, 2])] },
    { node: 1, ops: [cut("log", 1)] }, { node: 2, ops: [set("state", "LOOKING")] });
  const model = new Logs(store);
  const seen = (seq) => {
    store.select(seq);
    const log = model.of(1);
    return columnsOf([log]).map((z) => stateOf(log, z));
  };
  same(seen(4), ["logged", "logged"]);
  same(seen(5), ["logged", "cut"]);
  same(seen(6), ["logged"]);
  same(seen(4), ["logged", "logged"], "back again");
}

export function changesHaveABeforeAndAnAfter() {
  const store = after(...up, { node: 1, ops: [set("state", "LOOKING"), put("timers", "t", 5e9)] },
    { node: 1, ops: [set("state", "FOLLOWING"), drop("timers", "t"), append("log", [1, 1]), set("process", "up")] });
  same(changesOf(store, store.trace.at(5)), [
    { field: "state", key: "", before: "LOOKING", after: "FOLLOWING" },
    { field: "timers", key: "t", before: "5.000 s", after: "" },
    { field: "log", key: "", before: "", after: "1:1" },
  ]);
}

export function whoIsMissingFromAQuorum() {
  const all = after(...up, leading);
  same(outlook(all, all.world), { serving: true, possible: true, needed: 2, voters: 3, epoch: 1, missing: [] });
  const down = (node) => ({ node, is: "world.killed", ops: [set("process", "down")] });
  const stuck = after(...up, down(2), down(3));
  same(outlook(stuck, stuck.world).missing, [2, 3]);
  same(outlook(stuck, stuck.world).possible, false);
  const split = after(...up, { node: 0, ops: ["1>2", "2>1", "1>3", "3>1"].map((link) => put("links", link, "cut")) });
  same(outlook(split, split.world).missing, [1]);
  same(split.links.sides(split.world, [1, 2, 3]), [[1], [2, 3]]);
}

export function oneWayCutsAreNoWall() {
  const store = after(...up, { node: 0, ops: [put("links", "1>2", "cut"), put("links", "2>3", "held")] });
  same(store.links.sides(store.world, [1, 2], true), [[1, 2]]);
  same(store.links.sides(store.world, [1, 2]), [[1], [2]]);
  same([store.links.isCut(store.world, 1, 2), store.links.isCut(store.world, 2, 1)], [true, false]);
  holds(store.links.isHeld(store.world, 2, 3), "2 to 3 is held");
}

export function aPacketWaitsForTheOneBeforeIt() {
  const send = (args) => ({ node: 1, is: "zab.packet", peer: 2, args });
  const store = after(...up, send(["DIFF", [1, 0]]), send(["NEWLEADER", [1, 0]]),
    { node: 3, ops: [put("timers", "leader.tick", 9e9), put("timers", "session.expiry", 1e9)] });
  same(pending(store).map((p) => [p.kind, p.seq, p.hindered, p.ahead]),
    [["packet", 4, "", 0], ["packet", 5, "fifo", 4], ["timer", 0, "", 0]]);
  const held = after(...up, { node: 0, ops: [put("links", "1>2", "held")] }, send(["DIFF", [1, 0]]));
  same(pending(held)[0].hindered, "held");
}

export function verbsThatMakeNoSenseSayWhy() {
  const store = after(...up, { node: 2, is: "world.killed", ops: [set("process", "down")] });
  const why = (name, id) => verbs.find((v) => v.name === name).hindered(store, id);
  same([why("kill", 1), why("kill", 2), why("start", 1), why("start", 2), why("wipe", 2)], ["", "down", "up", "", ""]);
  same(verbs.find((v) => v.name === "cut").line(store, 2), "partition 2 | 1,3");
}

export function placesAreNumbersAndZxids() {
  const store = after(...up, { node: 1, is: "log.appended", args: [[2, 1]] });
  same(["2", "9", "2:1", "0x200000001", "7:7", "TRUNC"].map((words) => placeOf(store, words)), [2, -1, 4, 4, -1, 0]);
}

export function theTreeHasParentsBeforeChildrenAndMarksWhatChanged() {
  const node = (owner = 0) => ["d", [1, 1], [1, 1], [1, 1], 0, 0, 0, owner];
  const store = after(...up, { node: 1, ops: ["/a/b", "/", "/a-b", "/a"].map((path) => put("tree", path, ...node())) },
    { node: 1, ops: [put("tree", "/a/b", ...node(5))] });
  const nodes = nodesOf(store, store.world, 1);
  same(nodes.map((n) => [n.path, n.depth, n.changed]), [["/", 0, false], ["/a", 1, false], ["/a/b", 2, true], ["/a-b", 1, false]]);
}

export function marksAreKeptForTheNextVisit() {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  const marks = new Bookmarks("r", storage);
  marks.toggle(9);
  marks.toggle(4);
  same(new Bookmarks("r", storage).sorted(), [4, 9]);
  same(marks.toggle(9), false);
  same(new Bookmarks("other", storage).sorted(), []);
}

export function aRunIsItsConfigurationAndWhatWasDone() {
  const deeds = new Deeds({ ...header(), room: "x", config: { servers: 3 } });
  deeds.take({ actions: [{ at: 10, do: "kill 1" }] });
  deeds.take({ action: { at: 20, do: "start 1" } });
  same(deeds.at(15).actions, [{ at: 10, do: "kill 1" }]);
  const before = deeds.beforeLast();
  same([before.actions, before.until, before.config], [[{ at: 10, do: "kill 1" }], 0, { servers: 3 }]);
  same(new Deeds(header()).possible, false);
}
