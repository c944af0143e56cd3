// @ts-check
// The first page: an ensemble that runs, in a room of the visitor's own.

import { seconds } from "../core/axis.js";
import { Catalogue } from "../core/catalogue.js";
import { LEADING } from "../core/roles.js";
import { Socket } from "../core/socket.js";
import { Store } from "../core/store.js";
import { DECISIONS } from "../core/vocabulary.js";
import { part } from "../ui/dom.js";
import { onceAFrame } from "../ui/frame.js";
import { Ring } from "../ui/ring.js";
import { bindTheme } from "../ui/theme.js";

/** @typedef {import("../core/vocabulary.js").Header} Header */

bindTheme(part(document, "theme"));
const stage = part(document, "stage");
const strip = part(document, "strip");

/** What is on the stage, once there is something. */
class Stage {
  /**
   * @param {Header} header
   * @param {Socket} socket
   * @param {Catalogue} catalogue
   */
  constructor(header, socket, catalogue) {
    this.store = new Store(header);
    this.run = header.run;
    this.socket = socket;
    this.catalogue = catalogue;
    this.ring = new Ring(part(stage, "ring"), this.store);
    this.play = part(stage, "play");
    this.kill = part(stage, "kill");
    this.play.hidden = this.kill.hidden = false;
    this.play.addEventListener("click", () => this.ask({ head: this.store.head.playing ? "pause" : "play" }));
    this.kill.addEventListener("click", () => this.ask({ do: `kill ${this.leader()}` }));
    const redraw = onceAFrame(() => this.draw());
    this.store.subscribe(redraw);
    new ResizeObserver(redraw).observe(stage);
  }

  /** The server that leads, 0 if none does. */
  leader() {
    const { history, lanes, trace } = this.store;
    return trace.header.machines.map((m) => m.id).find((id) => lanes.roles.of(history.head, id) === LEADING) ?? 0;
  }

  /** @param {{do?: string, head?: string}} command */
  async ask(command) {
    const answer = await this.socket.ask(command);
    part(stage, "said").textContent = answer.ok ? "" : answer.error ?? "";
  }

  draw() {
    const { store, play } = this;
    this.ring.draw();
    part(stage, "clock").textContent = seconds(store.now);
    play.textContent = (store.head.playing ? play.dataset.pause : play.dataset.play) ?? "";
    /** @type {HTMLButtonElement} */ (this.kill).disabled = this.leader() === 0;
    const row = store.trace.at(store.trace.near(store.trace.length + 1, -1, DECISIONS));
    const words = row ? this.catalogue.event(store.trace, row) : "";
    const caption = part(stage, "caption");
    if (caption.textContent !== words) caption.textContent = words;
  }

  /** @param {any} data a message of the room */
  take({ rows, head }) {
    if (head) this.store.setHead(head);
    if (rows) this.store.append(rows);
  }
}

/** @param {Catalogue} catalogue */
function connect(catalogue) {
  const address = new URL(stage.dataset.feed ?? "", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  /** @type {Stage | undefined} */
  let shown;
  const socket = new Socket(address.href, {
    from: () => shown?.store.trace.length ?? 0,
    status: (up, _, reason) => {
      strip.hidden = up;
      strip.textContent = reason || (strip.dataset.lost ?? "");
    },
    message: (data) => {
      if (!data.kinds) shown?.take(data);
      else if (!shown) shown = new Stage(data, socket, catalogue);
      else if (shown.run !== data.run) location.reload();
    },
  });
  socket.connect();
}

const response = await fetch(stage.dataset.texts ?? "");
connect(new Catalogue(await response.json()));
