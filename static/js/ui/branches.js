// @ts-check
// Going back and doing otherwise: a new run that is the same up to a moment. A command with the cursor in
// the past is done there, in a branch of its own.

import { keep, replay } from "../core/kept.js";
import { say } from "./said.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */
/** @typedef {import("../core/deeds.js").Deeds} Deeds */
/** @typedef {import("../core/socket.js").Command} Command */
/** @typedef {import("../core/socket.js").Answer} Answer */
/** What is carried over to the page of a branch: the command that is to be done there, if any.
 * @typedef {{seq: number, play: boolean, server: number, command?: Command}} Carried */

const PAUSE = 1000; // milliseconds between two times that the run is remembered
const CARRIED = "zabscope.carried.";

/** Makes branches, and remembers the run in this browser. */
export class Branches {
  /**
   * @param {HTMLElement} said where to say what went wrong
   * @param {Store} store
   * @param {Catalogue} catalogue
   * @param {Deeds} deeds
   */
  constructor(said, store, catalogue, deeds) {
    this.said = said;
    this.store = store;
    this.catalogue = catalogue;
    this.deeds = deeds;
    this.kept = -PAUSE;
    this.carried = taken(deeds.header.room ?? "");
  }

  /** A new run that goes on from the cursor. */
  fork() {
    this.open(this.deeds.from(this.store.cursor), { seq: this.store.cursor, play: false, server: this.store.server });
  }

  /** A new run in which the last thing was not done. */
  undo() {
    const before = this.deeds.beforeLast();
    if (before) this.open(before, { seq: before.after ?? 0, play: false, server: this.store.server });
    else say(this.said, this.catalogue.ui("branch.nothing"), true);
  }

  /**
   * Takes a command that is not for the head of this run, but for a branch from the cursor.
   * @param {Command} command
   * @returns {Promise<Answer> | undefined} undefined if it is for the head; never kept where a page of
   *   the branch takes the place of this one
   */
  instead(command) {
    const { store } = this;
    const past = !store.following && store.cursor > 0 && store.cursor < store.trace.length;
    if (!past || !this.deeds.possible || !(command.do || command.cli)) return undefined;
    return this.open(this.deeds.from(store.cursor), { seq: store.cursor, play: store.head.playing, server: store.server, command });
  }

  /**
   * Makes a branch and goes to its page.
   * @param {import("../core/kept.js").Kept} run
   * @param {Carried} carried
   * @returns {Promise<Answer>}
   */
  async open(run, carried) {
    say(this.said, this.catalogue.ui("branch.opening", { seq: carried.seq }));
    const { page, error = "" } = await replay(run);
    if (!page) {
      say(this.said, error, true);
      return { id: 0, ok: false, code: "refused", error };
    }
    sessionStorage.setItem(CARRIED + page.split("/").at(-1), JSON.stringify(carried));
    location.assign(page);
    return new Promise(() => {});
  }

  /**
   * The room has told all there is: what was carried over is done now, and said.
   * @param {(command: Command) => Promise<Answer>} ask
   */
  async arrived(ask) {
    const { carried, store } = this;
    if (!carried) return;
    this.carried = undefined;
    const { command, play } = carried;
    store.server = carried.server;
    store.follow();
    const seq = store.trace.length;
    const line = command ? command.do ?? command.cli ?? "" : "";
    const answering = command && ask(command);
    if (play) ask({ head: "play" });
    const answer = await answering;
    if (answer && !answer.ok) say(this.said, answer.error ?? "", true);
    else say(this.said, [this.catalogue.ui("branch.made", { seq, line }), ...(answer?.lines ?? [])].join("\n"));
  }

  /** Remembers the run now and then, so that a server that forgot it can make it again. */
  draw() {
    const { header } = this.deeds;
    if (!this.deeds.possible || performance.now() - this.kept < PAUSE) return;
    this.kept = performance.now();
    keep(header.room ?? "", this.deeds.at(this.store.head.now, this.deeds.list));
  }
}

/**
 * What was carried over to the page of a run, once.
 * @param {string} room
 * @returns {Carried | undefined}
 */
function taken(room) {
  const text = sessionStorage.getItem(CARRIED + room);
  sessionStorage.removeItem(CARRIED + room);
  return text === null ? undefined : JSON.parse(text);
}
