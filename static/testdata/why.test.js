// Why an event happened.

import { Trace } from "/js/core/trace.js";
import { why } from "/js/core/why.js";
import { header, row, same } from "./expect.js";

/** A trace whose events are caused each by the one before, all of them decisions but the third. */
function chain(n) {
  const trace = new Trace(header());
  for (let seq = 1; seq <= n; seq++) trace.append(row(seq, { is: seq === 3 ? "log.appended" : "world.started", cause: seq - 1 }));
  return trace;
}

export function theChainLeadsBackToTheRootByItsDecisions() {
  same(why(chain(6), 6, 8), { chain: [5, 4, 2, 1], more: 0 });
}

export function aLongChainKeepsItsRoot() {
  same(why(chain(20), 20, 3), { chain: [19, 18, 1], more: 15 });
}

export function aRootHasNoReasons() {
  same(why(chain(2), 1, 8), { chain: [], more: 0 });
}
