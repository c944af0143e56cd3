import { Column, gallop, lowerBound, upperBound } from "/js/core/columns.js";
import { Marks, BAD, GOOD } from "/js/core/marks.js";
import { Tallies } from "/js/core/tallies.js";
import { Vocabulary } from "/js/core/vocabulary.js";
import { field, header, row, same, source } from "./expect.js";

export function columnsGrowAndKeepWhatTheyHave() {
  for (const type of [Float64Array, Int32Array, Uint16Array, Uint8Array]) {
    const column = new Column(type);
    for (let i = 0; i < 5000; i++) column.push(i % 200);
    same(column.length, 5000);
    same([column.data[0], column.data[4999], column.last], [0, 199, 199]);
  }
  same(new Column(Int32Array).last, 0, "the last of none");
}

export function searchesFindTheFirstPlaceThatIsLargeEnough() {
  const data = [1, 3, 3, 3, 8, 9, 20, 20, 31];
  for (let x = 0; x < 33; x++) {
    const want = data.filter((d) => d < x).length;
    same(lowerBound(data, data.length, x), want, `lower ${x}`);
    same(upperBound(data, data.length, x), data.filter((d) => d <= x).length, `upper ${x}`);
    for (let from = 0; from <= want; from++) same(gallop(data, data.length, x, from), want, `${x} from ${from}`);
  }
}

export function talliesCountWhatLiesBetween() {
  const draw = source(3);
  const tallies = new Tallies(3);
  const all = Array.from({ length: 5000 }, (_, i) => ({ seq: i + 1, lane: draw(4), sort: draw(3) }));
  for (const { seq, lane, sort } of all) tallies.append(seq, lane, sort);
  for (let i = 0; i < 50; i++) {
    const [from, to] = [draw(5000), draw(5000)].sort((a, b) => a - b);
    const want = all.filter((e) => e.sort === 1 && e.seq >= from && e.seq < to).length;
    same(tallies.count(1, from, to), want, `${from} to ${to}`);
  }
  same(tallies.list(9, 0), undefined, "a lane without events");
}

function marked(rows) {
  const marks = new Marks(new Vocabulary(header()));
  rows.forEach((r, i) => marks.append(row(i + 1, r)));
  return marks;
}

const append = (counter) => [[2, field.log, null, [[1, counter]]]];
const down = [[1, field.process, null, ["down"]]];

export function whatAServerLoggedAloneBeforeItWentDownIsMarked() {
  const marks = marked([
    { node: 1, ops: append(1) }, { node: 2, ops: append(1) },
    { node: 1, ops: append(2) }, { node: 1, is: "world.killed", ops: down },
  ]);
  same(marks.lonely, [{ seq: 3, node: 1 }]);
  same(marks.words.get(3), "logs 1:2 alone");
}

export function whatAnotherServerGotIsNotMarkedAndNothingTwice() {
  const marks = marked([
    { node: 1, ops: append(1) }, { node: 2, ops: append(1) }, { node: 3, ops: append(1) },
    { node: 1, is: "world.killed", ops: down }, { node: 1, is: "world.started" },
    { node: 1, ops: append(1) }, { node: 1, is: "world.killed", ops: down },
  ]);
  same(marks.lonely, []);
  same([...marks.sort.data.subarray(0, marks.length)], [BAD, GOOD, BAD]);
}
