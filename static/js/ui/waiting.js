// @ts-check
// What the ensemble, or the viewer, waits for: one line under the ring.

import { duration } from "../core/axis.js";
import { pending } from "../core/pending.js";
import { outlook, serverIds } from "../core/quorum.js";
import { ALONE } from "../core/roles.js";
import { baseName } from "../core/timers.js";
import { HIDDEN } from "../core/vocabulary.js";
import { part, write } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */

const PACE = 300; // milliseconds between two wordings while time passes

/** Keeps the line. */
export class Waiting {
  /**
   * @param {HTMLElement} element
   * @param {Store} store
   * @param {Catalogue} catalogue
   * @param {(command: import("../core/socket.js").Command) => void} ask
   * @param {() => number} clock milliseconds
   */
  constructor(element, store, catalogue, ask, clock = () => performance.now()) {
    this.element = element;
    this.store = store;
    this.catalogue = catalogue;
    this.clock = clock;
    this.drawn = -PACE;
    this.text = part(element, "waiting-text");
    this.go = part(element, "waiting-go");
    write(this.go, catalogue.ui("waiting.go"));
    this.go.addEventListener("click", () => ask({ head: "event" }));
  }

  draw() {
    const moving = this.store.following && this.store.head.playing;
    if (moving && this.clock() - this.drawn < PACE) return;
    this.drawn = this.clock();
    const view = outlook(this.store, this.store.world);
    const stuck = !view.serving && !view.possible && view.epoch !== ALONE;
    this.element.classList.toggle("stuck", stuck);
    write(this.text, [this.place(), stuck ? this.stuck(view) : this.working(view), this.nextTimer(moving)].filter(Boolean).join(" "));
    this.go.hidden = moving || !this.store.following || this.packets() > 0;
  }

  /** Where the viewer is, if not with the head; or why the head stands. */
  place() {
    const { store, catalogue } = this;
    const behind = !store.following && store.cursor < store.trace.length;
    if (behind) return catalogue.ui("waiting.back", { seq: store.cursor, last: store.trace.length, goes: store.head.playing });
    if (store.head.playing) return "";
    const { why, stopped } = store.head;
    if (stopped) return catalogue.ui("waiting.stopped", { by: catalogue.ui(`stop.${stopped.by}`), seq: stopped.seq });
    return why || catalogue.ui("waiting.paused");
  }

  /** @param {import("../core/quorum.js").Outlook} view */
  stuck({ missing, needed, voters }) {
    return this.catalogue.ui("waiting.stuck", { missing: missing.join(","), n: missing.length, needed, voters });
  }

  /** @param {import("../core/quorum.js").Outlook} view */
  working({ serving, epoch }) {
    if (epoch === ALONE) return this.catalogue.ui("waiting.alone");
    return this.catalogue.ui(serving ? "waiting.serving" : "waiting.electing", { epoch });
  }

  packets() {
    const { arrows, trace, cursor } = this.store;
    return arrows.inFlight(cursor).filter((i) => trace.depth.data[arrows.send.data[i] - 1] < HIDDEN).length;
  }

  /** @param {boolean} moving */
  nextTimer(moving) {
    const n = this.packets();
    if (n > 0) return moving ? "" : this.catalogue.ui("waiting.packets", { n });
    const timer = pending(this.store).find((p) => p.kind === "timer" && !p.hindered);
    if (!timer) return this.catalogue.ui("waiting.nothing", { timers: serverIds(this.store).some((id) => this.store.timers.running(this.store.world, id).length > 0) });
    const left = duration(Math.max(0, timer.at - this.store.now));
    return this.catalogue.ui("waiting.timer", { id: timer.from, name: baseName(timer.name), left });
  }
}
