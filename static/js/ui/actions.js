// @ts-check
// What a person does to the ensemble: verbs for the selection, a client's requests, and any line of
// the scenario language.

import { verbs } from "../core/verbs.js";
import { ClientBox } from "./client.js";
import { part } from "./dom.js";
import { NextList } from "./next.js";
import { begin, say } from "./said.js";
import { Stops } from "./stops.js";
import { LinkVerbs, Verbs } from "./verbs.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */
/** @typedef {import("../core/socket.js").Answer} Answer */
/** @typedef {import("../core/socket.js").Command} Command */

/** Keeps the panel Do, and tells the room. */
export class Actions {
  /**
   * @param {HTMLElement} element
   * @param {Store} store
   * @param {Catalogue} catalogue
   * @param {(command: Command) => Promise<Answer>} ask
   * @param {import("../core/deeds.js").Deeds} deeds
   */
  constructor(element, store, catalogue, ask, deeds) {
    this.element = element;
    this.store = store;
    this.catalogue = catalogue;
    this.ask = ask;
    this.said = part(element, "said");
    this.verbSaid = part(element, "verb-said");
    this.line = /** @type {HTMLFormElement} */ (part(element, "line"));
    this.verbs = new Verbs(part(element, "verbs"), store, catalogue, (name) => this.verb(name));
    this.links = new LinkVerbs(part(element, "link"), store, catalogue, (line) => this.run(line, this.verbSaid));
    this.client = new ClientBox(part(element, "client"), store, catalogue, ask);
    this.stops = new Stops(part(element, "stops"), store, catalogue, ask);
    this.next = new NextList(part(element, "next"), store, catalogue, { deeds, run: (line) => this.run(line) });
    this.servers = /** @type {HTMLButtonElement[]} */ ([...element.querySelectorAll("[data-server]")]);
    this.listen();
  }

  listen() {
    for (const button of this.servers) {
      const id = Number(button.dataset.server);
      button.addEventListener("click", () => this.store.selectServer(this.store.server === id ? 0 : id));
    }
    this.line.addEventListener("submit", (e) => {
      e.preventDefault();
      this.submit();
    });
  }

  /** Runs the line in the box. A refused line stays there to be mended. */
  async submit() {
    const input = /** @type {HTMLInputElement} */ (this.line.querySelector("input"));
    const typed = input.value;
    if (!typed.trim()) return;
    const done = await this.run(typed.trim(), this.said);
    if (done && input.value === typed) input.value = "";
  }

  /**
   * Does something to the selected server, or heals all links.
   * @param {string} name
   */
  verb(name) {
    const why = this.verbs.hindered(name);
    if (why) {
      say(this.verbSaid, why, true);
      return;
    }
    const line = name === "heal" ? "heal" : verbs.find((v) => v.name === name)?.line(this.store, this.store.server);
    if (line) this.run(line, this.verbSaid);
  }

  /**
   * Runs a line of the scenario language at the cursor, and goes to see what comes of it.
   * @param {string} line
   * @param {HTMLElement} [beside] where to say what came of it
   * @returns {Promise<boolean>} whether it was done
   */
  async run(line, beside = this.verbSaid) {
    begin(this.element);
    const answer = await this.ask({ do: line });
    if (answer.ok) this.store.follow();
    say(beside, answer.ok ? this.catalogue.ui("do.done", { line }) : answer.error ?? "", !answer.ok);
    return answer.ok;
  }

  /**
   * Lets the packet that is selected, in the list or at the cursor, arrive now, or loses it.
   * @param {"arrive" | "vanish"} verb
   */
  packet(verb) {
    const { arrows, cursor } = this.store;
    const seq = this.next.focused() || arrows.send.data[arrows.of(cursor)] || 0;
    const i = arrows.of(seq);
    const under = i >= 0 && arrows.inFlight(cursor).includes(i);
    if (under) this.run(`${verb} ${seq}`);
    else say(this.verbSaid, this.catalogue.ui("next.no-packet"), true);
  }

  /** Goes to the verbs for the selection. */
  focusVerbs() {
    const desk = /** @type {HTMLElement | null} */ (this.element.closest(".desk"));
    if (desk) desk.dataset.sheet = "do";
    this.element.scrollIntoView({ block: "nearest" });
    /** @type {HTMLElement | null} */ (this.element.querySelector("[data-verb]"))?.focus();
  }

  /** Puts the keyboard into the client's box. */
  focusClient() {
    this.client.focus();
  }

  draw() {
    for (const button of this.servers) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.server) === this.store.server));
    }
    this.verbs.draw();
    this.links.draw();
    this.client.draw();
    this.next.draw();
    this.stops.draw();
  }
}
