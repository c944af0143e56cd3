import { Store } from "/js/core/store.js";
import { Frame } from "/js/draw/frame.js";
import { pick } from "/js/draw/picking.js";
import { Segments } from "/js/draw/segments.js";
import { Taken } from "/js/draw/words.js";
import { header, holds, row, same } from "./expect.js";

/** A store with messages between three servers, `apart` nanoseconds from one to the next. */
function storeOf(messages, apart) {
  const store = new Store(header());
  const rows = [];
  for (let i = 0; i < messages; i++) {
    const sent = rows.length + 1;
    rows.push(row(sent, { time: i * apart, is: "zab.packet", node: 1 + (i % 3), peer: 1 + ((i + 1) % 3), args: ["DIFF", [1, i]] }));
    rows.push(row(sent + 1, { time: i * apart + apart / 2, is: "net.received", node: 1 + ((i + 1) % 3), peer: 1 + (i % 3), cause: sent }));
  }
  store.append(rows);
  store.setHead({ now: store.trace.lastTime });
  return store;
}

function frameOf(store, { zoom = 1, origin = 0, down = false } = {}) {
  return new Frame({ width: 1000, height: 400, axis: store.axis, origin, zoom, machines: [1, 2, 3], down });
}

export function onlyWhatIsInViewIsGathered() {
  const store = storeOf(2000, 5e5);
  const frame = frameOf(store, { origin: 20000 });
  const segments = new Segments();
  segments.gather(store, frame);
  holds(segments.count > 10 && segments.count < 60, `${segments.count} arrows`);
  for (let i = 0; i < segments.count; i++) {
    holds(segments.x1[i] >= frame.left - 2 && segments.x0[i] <= frame.right + 2, `arrow ${i} lies outside`);
  }
}

export function wherePacketsCannotBeToldApartThereIsDensity() {
  const segments = new Segments();
  segments.gather(storeOf(5000, 1e6), frameOf(storeOf(5000, 1e6), { zoom: 0.002 }));
  same(segments.count, 0, "all of it");
  const mixed = storeOf(300, 2e4);
  segments.gather(mixed, frameOf(mixed, { zoom: 0.5 }));
  holds(segments.dense.length > 0, "a burst");
}

export function timeRunsDownWhereThereIsLittleWidth() {
  const store = storeOf(5, 1e6);
  const across = frameOf(store);
  const down = frameOf(store, { down: true });
  same(across.point(7, 9), [7, 9]);
  same(down.point(7, 9), [9, 7]);
  same([down.along, down.across], [400, 1000]);
  holds(down.x(3) > down.x(1), "later events lie further down");
}

export function thePointerFindsEventsAndMessages() {
  const store = storeOf(20, 1e6);
  const frame = frameOf(store);
  const segments = new Segments();
  segments.gather(store, frame);
  same(pick(store, frame, segments, frame.x(5) + 2, frame.y(3) + 2), 5, "the event itself");
  const half = (a, b) => (a + b) / 2;
  same(pick(store, frame, segments, half(frame.x(1), frame.x(2)), half(frame.y(1), frame.y(2))), 1, "a message by its middle");
  same(pick(store, frame, segments, frame.x(1) + 400, 5), 0, "nothing");
}

export function wordsDoNotLieOnOneAnother() {
  const frame = frameOf(storeOf(2, 1e6));
  const taken = new Taken(frame);
  const box = taken.box(300, 100, 80);
  holds(taken.isFree(box), "an empty picture");
  taken.take(box);
  holds(!taken.isFree(taken.box(340, 105, 80)), "half over another");
  holds(taken.isFree(taken.box(420, 100, 80)), "beside it");
  holds(!taken.isFree(taken.box(frame.right, 100, 80)), "over the edge");
}
