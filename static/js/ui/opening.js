// @ts-check
// A run that was opened by a link: stands still, at the event and with the selection of the link.

import { checkOf, look } from "../core/view.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/view.js").View} View */

/** Goes to where a link leads, once. */
export class Opening {
  /**
   * @param {View} view
   * @param {{store: Store, catalogue: import("../core/catalogue.js").Catalogue, strip: HTMLElement,
   *   ask: (command: {head: string}) => Promise<unknown>, arrange: (words: string[]) => void}} means strip is
   *   where to say that this may not be what was shared
   */
  constructor(view, means) {
    this.view = view;
    this.means = means;
    this.done = false;
    means.ask({ head: "pause" });
  }

  /** What the run was when the viewer came has all arrived. */
  arrived() {
    if (this.done) return;
    this.done = true;
    const { store, strip, arrange } = this.means;
    arrange(this.view.panels);
    look(store, this.view);
    strip.textContent = this.verdict();
    strip.hidden = strip.textContent === "";
    history.replaceState(null, "", location.pathname + location.search); // whoever loads the page again goes on here
  }

  /** Whether this is the run that was shared, in words; "" if nobody need ask. */
  verdict() {
    const { store, catalogue } = this.means;
    const { cursor, check, theirs } = this.view;
    const ours = store.trace.header.engine;
    const n = store.trace.length;
    if (cursor > n) return catalogue.ui("open.short", { seq: cursor, n });
    if (check === "" || cursor === 0) return "";
    const values = { seq: cursor, theirs: theirs === ours || theirs === "" ? "none" : theirs, ours };
    if (check !== checkOf(store, cursor)) return catalogue.ui("open.differs", values);
    return values.theirs === "none" ? "" : catalogue.ui("open.same", values);
  }
}
