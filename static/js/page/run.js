// @ts-check
// The page on which an ensemble runs: joins the room's trace to the panels.

import { Catalogue } from "../core/catalogue.js";
import { Deeds } from "../core/deeds.js";
import { Socket } from "../core/socket.js";
import { Store } from "../core/store.js";
import { fromFragment } from "../core/view.js";
import { part } from "../ui/dom.js";
import { Opening } from "../ui/opening.js";
import { ConnectionStrip } from "../ui/strips.js";
import { bindTheme } from "../ui/theme.js";
import { Desk } from "./desk.js";

/** @typedef {import("../core/vocabulary.js").Header} Header */

const element = part(document, "desk");
bindTheme(part(document, "theme"));
if (new URLSearchParams(location.search).has("embed")) embed();

/** In a frame of another site there are the pictures and the transport, and a way to the rest. */
function embed() {
  const whole = /** @type {HTMLAnchorElement} */ (part(document, "whole"));
  document.documentElement.dataset.mode = "embed";
  whole.href = location.pathname;
  whole.hidden = false;
}

/** @param {string | undefined} address */
async function load(address) {
  const response = await fetch(address ?? "");
  return response.json();
}

/** One viewer's connection to a room, and what is on the screen. */
class Page {
  /** @param {Catalogue} catalogue */
  constructor(catalogue) {
    this.catalogue = catalogue;
    /** @type {Store | undefined} */
    this.store = undefined;
    /** @type {Deeds | undefined} */
    this.deeds = undefined;
    /** @type {import("../ui/branches.js").Branches | undefined} */
    this.branches = undefined;
    /** @type {Opening | undefined} */
    this.opening = undefined;
    const address = new URL(element.dataset.feed ?? "", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    this.socket = new Socket(address.href, {
      from: () => this.store?.trace.length ?? 0,
      status: (up, retryIn, reason) => this.status(up, retryIn, reason),
      gone: () => location.reload(),
      message: (data) => this.hear(data),
    });
    this.strip = new ConnectionStrip(part(document, "strip"), catalogue, () => this.socket.retryNow());
    this.socket.connect();
  }

  /** @param {any} data a message of the room */
  hear(data) {
    if (data.kinds) this.meet(data);
    if (!this.store) return;
    const { rows, head, slow } = data;
    if (this.deeds?.take(data)) this.store.changed();
    if (head) this.store.setHead(head);
    if (rows) this.store.append(rows);
    if (head && !rows) this.branches?.arrived((command) => this.ask(command));
    if (head) this.opening?.arrived();
    if (slow) this.strip.slow(slow, () => this.store?.follow());
  }

  /**
   * The room says who it is: at first, and after each return of the connection. Another run than
   * the one on the screen means that the server began anew.
   * @param {Header} header
   */
  meet(header) {
    if (this.store && this.store.trace.header.run !== header.run) location.reload();
    if (this.store) return;
    this.store = new Store(header);
    this.deeds = new Deeds(header);
    const means = { store: this.store, catalogue: this.catalogue, deeds: this.deeds,
      ask: (/** @type {import("../core/socket.js").Command} */ command) => this.ask(command) };
    const desk = new Desk(element, means);
    this.branches = desk.branches;
    const view = fromFragment(location.hash);
    if (view) this.opening = new Opening(view, { ...means, strip: part(document, "opened"), arrange: (words) => desk.arrange(words) });
  }

  /**
   * Asks the room for something; what the connection itself has to say is worded here.
   * @param {import("../core/socket.js").Command} command
   */
  async ask(command) {
    const answer = await (this.branches?.instead(command) ?? this.socket.ask(command));
    const own = answer.code === "lost" || answer.code === "unconnected";
    return own ? { ...answer, error: this.catalogue.ui(`socket.${answer.code}`) } : answer;
  }

  /**
   * @param {boolean} up
   * @param {number} retryIn
   * @param {string} reason
   */
  status(up, retryIn, reason) {
    document.documentElement.dataset.connection = up ? "up" : "down";
    if (up) this.strip.up();
    else this.strip.lost(this.store?.trace.length ?? 0, retryIn, reason);
  }
}

const [messages, words] = await Promise.all([load(element.dataset.texts), load(element.dataset.words)]);
new Page(new Catalogue(messages, words.texts));
