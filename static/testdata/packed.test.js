import { Bytes, Texts } from "/js/core/packed.js";
import { Trace } from "/js/core/trace.js";
import { header, holds, kind, row, same, source } from "./expect.js";

const awkward = [null, true, false, 0, 1, 119, 120, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 53 - 1, -1, -128, -(2 ** 53 - 1),
  [0, 0], [2, 1], [-1, 0xffffffff], [-7, 3], [2 ** 31 - 1, 0xffffffff], "", "/a", "i:9223372036854775807", "日本"];

export function everyValueIsReadAsItWasWritten() {
  const bytes = new Bytes(new Texts());
  const places = awkward.map((v) => {
    const place = bytes.begin();
    bytes.value(v);
    return place;
  });
  awkward.forEach((v, i) => {
    bytes.seek(places[awkward.length - 1 - i]);
    same(bytes.nextValue(), awkward[awkward.length - 1 - i], "value");
  });
}

export function recordsOfAnyLengthFollowOnOneAnother() {
  const bytes = new Bytes(new Texts());
  const draw = source(5);
  const lists = Array.from({ length: 300 }, (_, i) => Array.from({ length: draw(i % 50 === 0 ? 40000 : 300) }, () => draw(2 ** 30)));
  const places = lists.map((list) => {
    const place = bytes.begin();
    bytes.values(list);
    return place;
  });
  lists.forEach((list, i) => {
    bytes.seek(places[i]);
    same(bytes.nextValues(), list, `record ${i}`);
  });
}

export function aTraceGivesBackTheRowsThatWentIn() {
  const trace = new Trace(header());
  const draw = source(11);
  const some = (n) => Array.from({ length: draw(n) }, () => awkward[draw(awkward.length)]);
  const rows = Array.from({ length: 3000 }, (_, i) => row(i + 1, {
    node: 1 + draw(3), peer: draw(4), cause: draw(i + 1), is: "log.appended", args: some(6),
    checks: Array.from({ length: draw(3) }, () => [draw(90), draw(2) === 0, draw(2) === 0, some(4)]),
    ops: Array.from({ length: draw(4) }, () => [1 + draw(6), draw(8), awkward[draw(awkward.length)], some(4)]),
  }));
  rows.forEach((r) => trace.append(structuredClone(r)));
  for (let i = 0; i < 6000; i++) {
    const seq = 1 + draw(rows.length);
    same(trace.at(seq), rows[seq - 1], `event ${seq}`);
    same(trace.ops(seq), rows[seq - 1][8], `ops of ${seq}`);
  }
  same([trace.at(0), trace.at(3001), trace.at(NaN)], [undefined, undefined, undefined], "outside");
}

export function causesAndEffectsAreFound() {
  const trace = new Trace(header());
  [0, 1, 1, 2, 4, 1, 6].forEach((cause, i) => trace.append(row(i + 1, { cause })));
  same(trace.effects(1), [2, 3, 6]);
  same(trace.effects(7), []);
  same(trace.causes(5, 9), [4, 2, 1]);
  same(trace.causes(5, 2), [4, 2]);
}

export function anArrivalIsAsDeepAsItsSendingAndPingsAreHidden() {
  const trace = new Trace(header());
  trace.append(row(1, { is: "zab.packet", peer: 2, args: ["PING", [0, 0]] }));
  trace.append(row(2, { is: "net.received", node: 2, peer: 1, cause: 1 }));
  trace.append(row(3, { is: "zab.packet", peer: 2, args: ["DIFF", [0, 0]] }));
  trace.append(row(4, { is: "net.received", node: 2, peer: 1, cause: 3 }));
  same([...trace.depth.data.subarray(0, 4)], [3, 3, 1, 1]);
  holds(trace.received === kind["net.received"], "kind of arrivals");
}
