import { Arrows } from "/js/core/arrows.js";
import { Lit } from "/js/core/lit.js";
import { Trace } from "/js/core/trace.js";
import { header, row, same, source } from "./expect.js";

/** A drawn run of messages, some lost, some for ever under way. */
function drawn(seed, length) {
  const draw = source(seed);
  const trace = new Trace(header());
  const arrows = new Arrows(trace);
  const open = [];
  for (let seq = 1; seq <= length; seq++) {
    const ends = open.length > 0 && draw(2) === 0;
    const at = draw(open.length);
    const one = ends
      ? row(seq, { is: draw(20) === 0 ? "net.lost" : "net.received", node: 2, peer: 1, cause: open.splice(at, 1)[0] })
      : row(seq, { is: "zab.packet", node: 1, peer: 2, args: ["DIFF", [1, seq]], cause: draw(seq) });
    if (!ends && draw(500) > 0) open.push(seq);
    trace.append(one);
    arrows.append(one, seq);
  }
  return { trace, arrows };
}

export function messagesAcrossAnEventAreThoseSentBeforeAndNotEndedThen() {
  const { arrows } = drawn(4, 20000);
  const draw = source(1);
  for (let i = 0; i < 200; i++) {
    const seq = 1 + draw(20000);
    const want = [];
    for (let a = 0; a < arrows.length; a++) {
      if (arrows.send.data[a] < seq && (arrows.end.data[a] === 0 || arrows.end.data[a] >= seq)) want.push(a);
    }
    const got = [];
    arrows.across(seq, (a) => got.push(a));
    same(got, want, `across ${seq}`);
  }
}

export function eachEndOfAMessageKnowsIt() {
  const { arrows } = drawn(6, 4000);
  for (let a = 0; a < arrows.length; a++) {
    same(arrows.of(arrows.send.data[a]), a, "sending");
    if (arrows.end.data[a] > 0) same(arrows.of(arrows.end.data[a]), a, "end");
  }
  same([arrows.of(0), arrows.of(4001)], [-1, -1], "outside");
}

export function theCausalPastAndFutureAreLitAndNothingElse() {
  const { trace } = drawn(9, 3000);
  const cause = trace.cause.data;
  const lit = new Lit(trace);
  for (const seq of [1500, 1, 2999, 40, 40, 1501]) {
    lit.look(seq);
    const want = new Set();
    for (let s = seq; s > 0; s = cause[s - 1]) want.add(s);
    const past = want.size;
    for (let s = seq + 1; s <= 3000; s++) {
      if (cause[s - 1] >= seq && want.has(cause[s - 1])) want.add(s);
    }
    const got = [];
    for (let s = 1; s <= 3000; s++) if (lit.has(s)) got.push(s);
    same(got, [...want].sort((a, b) => a - b), `lit of ${seq}, ${past} before it`);
  }
  lit.look(0);
  same(lit.has(1500), false, "nothing is lit without a selection");
}

export function whatArrivesLaterIsLitToo() {
  const { trace } = drawn(2, 100);
  const lit = new Lit(trace);
  lit.look(100);
  trace.append(row(101, { cause: 100 }));
  trace.append(row(102, { cause: 1 }));
  lit.look(100);
  same([lit.has(101), lit.has(102)], [true, false]);
}
