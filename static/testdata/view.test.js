// What one viewer looks at, as a link carries it.

import { Store } from "/js/core/store.js";
import { checkOf, fromFragment, look, selection, toFragment } from "/js/core/view.js";
import { header, holds, row, same } from "./expect.js";

/** A store of some events. */
function seen(rows) {
  const store = new Store(header());
  store.append(rows);
  return store;
}

const three = [1, 2, 3].map((seq) => row(seq, { node: seq, cause: seq - 1 }));

export function aViewComesBackFromAnAddress() {
  for (const view of [
    { cursor: 812, select: "server 2 event", panels: ["do", "tab tree"], check: "2k9", theirs: "1" },
    { cursor: 1, select: "", panels: [], check: "", theirs: "" },
    { cursor: 0, select: "link 1 2", panels: [], check: "", theirs: "" },
  ]) same(fromFragment(toFragment(view)), view);
  for (const none of ["", "#", "#x=1", "#event=-1", "#event=1.5", "#event=x", "#panels=do"]) same(fromFragment(none), undefined, none);
}

export function aSelectionIsTheSameInAnotherStore() {
  for (const choose of [
    (s) => s.selectServer(2), (s) => s.selectLink(1, 3), (s) => s.select(2),
    (s) => { s.selectServer(3); s.select(2); },
  ]) {
    const [one, other] = [seen(three), seen(three)];
    one.select(2);
    choose(one);
    look(other, { cursor: one.cursor, select: selection(one), panels: [], check: "", theirs: "" });
    for (const key of ["cursor", "server", "peer", "looking", "following"]) same(other[key], one[key], `${selection(one)}: ${key}`);
  }
}

export function whatARunDoesNotHaveIsLeftOut() {
  const store = seen(three);
  look(store, { cursor: 99, select: "server 9", panels: [], check: "", theirs: "" });
  same([store.cursor, store.server, store.looking], [3, 0, "server"]);
  look(store, { cursor: 2, select: "<img> event", panels: [], check: "", theirs: "" });
  same([store.cursor, store.server, store.looking], [2, 0, "event"]);
}

export function runsThatDifferHaveOtherChecks() {
  const check = checkOf(seen(three), 3);
  same(checkOf(seen(three), 3), check);
  holds(/^[0-9a-z]{6,11}$/.test(check), check);
  const others = [{ time: 5 }, { node: 2 }, { peer: 1 }, { cause: 1 }, { is: "net.lost" }, { args: [[1, 2]] }, { time: 3e5 + 2 ** 32 }];
  const all = new Set([check, checkOf(seen(three), 2)]);
  for (const other of others) all.add(checkOf(seen([...three.slice(0, 2), row(3, { node: 3, cause: 2, ...other })]), 3));
  all.add(checkOf(seen([row(1, { node: 2 }), ...three.slice(1)]), 3));
  same(all.size, others.length + 3);
}
