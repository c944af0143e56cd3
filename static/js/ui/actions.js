// @ts-check
// What a person does to the ensemble: verbs for the selected server, requests of a client, and any
// line of the scenario language.

import { DOWN, FROZEN } from "../core/roles.js";
import { part } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/socket.js").Answer} Answer */

const READS = /^(get|exists|children)\b/;

/** Keeps the panel of verbs, and tells the room. */
export class Actions {
  /**
   * @param {HTMLElement} element
   * @param {Store} store
   * @param {(command: {do?: string, head?: string}) => Promise<Answer>} ask
   */
  constructor(element, store, ask) {
    this.element = element;
    this.store = store;
    this.ask = ask;
    this.said = part(element, "said");
    this.client = /** @type {HTMLFormElement} */ (part(element, "client"));
    this.line = /** @type {HTMLFormElement} */ (part(element, "line"));
    this.listen();
  }

  listen() {
    for (const button of this.buttons("[data-server]")) {
      const id = Number(button.dataset.server);
      button.addEventListener("click", () => this.store.selectServer(this.store.server === id ? 0 : id));
    }
    for (const button of this.buttons("[data-verb]")) {
      button.addEventListener("click", () => this.verb(button.dataset.verb ?? ""));
    }
    this.client.addEventListener("submit", (e) => {
      e.preventDefault();
      this.request(inputOf(this.client).value);
    });
    this.line.addEventListener("submit", (e) => {
      e.preventDefault();
      this.run(inputOf(this.line).value);
    });
  }

  /** @param {string} selector */
  buttons(selector) {
    return /** @type {HTMLButtonElement[]} */ ([...this.element.querySelectorAll(selector)]);
  }

  /**
   * Does something to the selected server.
   * @param {string} verb
   */
  verb(verb) {
    const id = this.store.server;
    if (id === 0) {
      this.say("Select a server first: a disc, a number here, or the keys 1 to 9.", true);
      return;
    }
    const role = this.store.lanes.roles.of(this.store.history.head, id);
    this.run(`${verb === "freeze" ? (role >= FROZEN ? "resume" : "pause") : verb} ${id}`);
  }

  /**
   * Sends a client's request to the selected server, or to any that runs.
   * @param {string} request
   */
  request(request) {
    const via = this.store.server || this.running();
    const [, path] = request.trim().split(/\s+/);
    this.run(READS.test(request) && path ? `read ${via} ${path}` : `write ${via} ${request}`);
  }

  running() {
    const { roles } = this.store.lanes;
    const ids = this.store.trace.header.machines.map((m) => m.id).filter((id) => id < 1000);
    return ids.find((id) => roles.of(this.store.history.head, id) > DOWN) ?? ids[0];
  }

  /**
   * Runs a line of the scenario language at the head, and goes there to see what comes of it.
   * @param {string} line
   */
  async run(line) {
    const answer = await this.ask({ do: line });
    if (answer.ok) {
      this.store.follow();
      this.say(`Done: ${line}`, false);
    } else {
      this.say(answer.error ?? "", true);
    }
  }

  /**
   * @param {string} words
   * @param {boolean} bad
   */
  say(words, bad) {
    this.said.textContent = words;
    this.said.classList.toggle("bad", bad);
  }

  /** Puts the keyboard into the client's box. */
  focusClient() {
    const input = inputOf(this.client);
    input.focus();
    input.select();
  }

  draw() {
    const { store } = this;
    for (const button of this.buttons("[data-server]")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.server) === store.server));
    }
    const role = store.lanes.roles.of(store.history.head, store.server);
    const freeze = this.buttons('[data-verb="freeze"]')[0];
    const word = role >= FROZEN ? "Thaw " : "Freeze ";
    if (freeze?.firstChild && freeze.firstChild.textContent !== word) freeze.firstChild.textContent = word;
  }
}

/** @param {HTMLFormElement} form */
function inputOf(form) {
  return /** @type {HTMLInputElement} */ (form.querySelector("input"));
}
