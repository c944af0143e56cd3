import { Axis } from "/js/core/axis.js";
import { Trace } from "/js/core/trace.js";
import { header, holds, row, same, source } from "./expect.js";

/** A drawn run with quiet stretches, pings in them, and events at the same time. */
function drawn(seed, length) {
  const draw = source(seed);
  const trace = new Trace(header());
  const axis = new Axis(trace);
  let time = 0;
  for (let seq = 1; seq <= length; seq++) {
    time += [0, 1e4, 2e5, 1e6, 5e7][draw(5)];
    const ping = draw(3) === 0;
    trace.append(row(seq, { time, is: "zab.packet", peer: 2, args: [ping ? "PING" : "DIFF", [0, 0]] }));
    axis.append(seq, !ping);
  }
  return { trace, axis };
}

function both(check) {
  for (const real of [true, false]) {
    const { trace, axis } = drawn(7, 3000);
    axis.real = real;
    check(axis, trace, real ? "real" : "even");
  }
}

export function placesNeverGoBack() {
  both((axis, trace, scale) => {
    let last = 0;
    for (let seq = 1; seq <= trace.length; seq++) {
      const place = axis.placeOf(seq);
      holds(place >= last, `${scale}: event ${seq} at ${place} after ${last}`);
      last = place;
    }
  });
}

export function theEventAtAPlaceIsTheLastShownThereOrBefore() {
  both((axis, trace, scale) => {
    for (let rank = 0; rank < axis.shown.length; rank++) {
      const seq = axis.shown.data[rank];
      const there = axis.seqAt(axis.placeOf(seq));
      same(axis.placeOf(there), axis.placeOf(seq), `${scale}: event ${seq}`);
      holds(there >= seq, `${scale}: event ${there} is not the last there`);
    }
    same(axis.seqAt(-1), 0, `${scale}: before the first`);
  });
}

export function theTimeAtAPlaceIsThatOfTheEventThere() {
  both((axis, trace, scale) => {
    for (let rank = 0; rank + 1 < axis.shown.length; rank++) {
      const [a, b] = [axis.shown.data[rank], axis.shown.data[rank + 1]];
      const middle = (axis.placeOf(a) + axis.placeOf(b)) / 2;
      const time = axis.time(middle);
      holds(time >= axis.timeOf(a) - 1 && time <= axis.timeOf(b) + 1, `${scale}: between ${a} and ${b}`);
    }
  });
}

export function inTheRealScaleEqualTimesAreEqualWidthsUnlessItIsQuiet() {
  const { axis } = drawn(7, 3000);
  for (let rank = 0; rank + 1 < axis.shown.length; rank++) {
    const [a, b] = [axis.shown.data[rank], axis.shown.data[rank + 1]];
    const gap = axis.timeOf(b) - axis.timeOf(a);
    const wide = axis.placeOf(b) - axis.placeOf(a);
    const want = Math.min(gap / 1e6, 1.5) * 90;
    holds(Math.abs(wide - want) < 1e-3, `${gap} ns are ${wide} wide, not ${want}`);
  }
}

export function quietStretchesKnowTheirLengthAndPings() {
  const trace = new Trace(header());
  const axis = new Axis(trace);
  const ping = { is: "zab.packet", peer: 2, args: ["PING", [0, 0]] };
  [[0, {}], [1e6, ping], [9e8, ping], [1e9, {}], [1.0001e9, {}]].forEach(([time, of], i) => {
    trace.append(row(i + 1, { time, ...of }));
    axis.append(i + 1, i !== 1 && i !== 2);
  });
  const [fold, ...more] = axis.folds(0, 5, 1.0001e9);
  same([fold.from, fold.to, fold.pings, more.length], [0, 1e9, 2, 0]);
  const growing = axis.folds(0, 5, 3e9);
  same([growing.length, growing[1].to], [2, 3e9], "the stretch that still grows");
}
