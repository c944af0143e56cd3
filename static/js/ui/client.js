// @ts-check
// The client's box: a line of zkCli at a server, and what came back.

import { serverHindered, serverToAsk } from "../core/verbs.js";
import { h, part, write } from "./dom.js";
import { begin, say } from "./said.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */
/** @typedef {import("../core/socket.js").Command} Command */
/** @typedef {import("../core/socket.js").Answer} Answer */

const KEPT = 30; // exchanges that stay on the screen

/** Keeps the box, its history and the lines that were printed. */
export class ClientBox {
  /**
   * @param {HTMLElement} form
   * @param {Store} store
   * @param {Catalogue} catalogue
   * @param {(command: Command) => Promise<Answer>} ask
   */
  constructor(form, store, catalogue, ask) {
    this.store = store;
    this.catalogue = catalogue;
    this.ask = ask;
    this.title = part(form, "client-title");
    this.said = part(form, "client-said");
    this.shell = part(form, "shell");
    this.input = /** @type {HTMLInputElement} */ (form.querySelector("input"));
    /** @type {string[]} */
    this.history = [];
    this.at = 0; // place in the history; its length is the line being typed
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      this.send(this.input.value.trim());
    });
    this.input.addEventListener("keydown", (e) => this.recall(e));
  }

  /** @param {KeyboardEvent} e */
  recall(e) {
    const step = e.key === "ArrowUp" ? -1 : e.key === "ArrowDown" ? 1 : 0;
    if (step === 0 || this.history.length === 0) return;
    e.preventDefault();
    this.at = Math.max(0, Math.min(this.history.length, this.at + step));
    this.input.value = this.history[this.at] ?? "";
  }

  /**
   * Types a line at a server. The answer may take a while: servers must agree on it first.
   * @param {string} line
   * @param {number} [server]
   */
  async send(line, server = serverToAsk(this.store)) {
    if (!line) return;
    if (this.history.at(-1) !== line) this.history.push(line);
    this.at = this.history.length;
    const entry = this.begin(server, line);
    const asked = this.ask({ cli: line, server });
    this.store.follow();
    this.end(entry, await asked);
    this.advise(entry, line, server);
  }

  /**
   * @param {number} server
   * @param {string} line
   */
  begin(server, line) {
    const entry = h("li", { "data-line": line }, h("code", { class: "asked" }, `[${server}] ${line}`), h("pre", {}, this.catalogue.ui("client.waits")));
    begin(this.shell);
    this.shell.hidden = false;
    this.shell.append(entry);
    while (this.shell.children.length > KEPT) this.shell.firstElementChild?.remove();
    this.shell.scrollTop = this.shell.scrollHeight;
    this.shell.scrollIntoView({ block: "nearest" });
    this.said.classList.add("spoken");
    return entry;
  }

  /**
   * @param {HTMLElement} entry
   * @param {Answer} answer
   */
  end(entry, { ok, error = "", lines = [] }) {
    if (!ok) {
      entry.remove();
      this.shell.hidden = this.shell.children.length === 0;
      this.said.classList.remove("spoken");
      say(this.said, error, true);
      return;
    }
    entry.lastElementChild?.replaceChildren(lines.join("\n") || this.catalogue.ui("client.silent"));
    this.shell.scrollTop = this.shell.scrollHeight;
    say(this.said, lines.at(-1) ?? ""); // for those who listen; the lines stand in the shell
    // Ready for the next line, unless the person has gone on, here or elsewhere.
    if (document.activeElement === this.input && this.input.value === entry.dataset.line) this.input.select();
  }

  /**
   * Says in plain words what may help, under what zkCli says: another server, or to send it again.
   * @param {HTMLElement} entry
   * @param {string} line
   * @param {number} server
   */
  advise(entry, line, server) {
    const why = serverHindered(this.store, server);
    const other = serverToAsk(this.store, 0);
    if (why && other !== server) {
      const go = h("button", { type: "button", class: "button small" }, this.catalogue.ui("client.elsewhere", { id: other }));
      go.addEventListener("click", () => this.send(line, other));
      entry.append(h("p", { class: "advice" }, this.catalogue.ui("client.hindered", { id: server, why }), " ", go));
    } else if (/Session (has )?expired/i.test(entry.lastElementChild?.textContent ?? "")) {
      entry.append(h("p", { class: "advice" }, this.catalogue.ui("client.expired")));
    }
    this.shell.scrollTop = this.shell.scrollHeight;
    this.shell.scrollIntoView({ block: "nearest" });
  }

  /** Puts the keyboard into the box. */
  focus() {
    this.input.focus();
    this.input.select();
  }

  draw() {
    const id = serverToAsk(this.store);
    const why = serverHindered(this.store, id);
    write(this.title, this.catalogue.ui("client.title", { id, why }));
    this.title.classList.toggle("warns", why !== "");
  }
}
