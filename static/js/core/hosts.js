// @ts-check
// The addresses of servers, as they introduce themselves on election connections.

import { configText } from "./layouts.js";
import { ARGS, text } from "./row.js";

/** @typedef {import("./trace.js").Trace} Trace */
/** @typedef {import("./fold.js").World} World */

/** Collects addresses while the trace grows. */
export class Hosts {
  /** @param {Trace} trace */
  constructor(trace) {
    this.trace = trace;
    this.hello = trace.vocabulary.kind("qcm.hello");
    this.changing = trace.vocabulary.field("lastSeenConfig");
    this.servers = trace.header.machines.filter((m) => m.role !== "client");
    this.seen = 0;
    /** @type {Map<number, string>} */
    this.byId = new Map();
  }

  collect() {
    const { kind, length } = this.trace;
    for (; this.seen < length && this.byId.size < this.servers.length; this.seen++) {
      if (kind.data[this.seen] !== this.hello) continue;
      const [sid, address] = this.trace.at(this.seen + 1)?.[ARGS] ?? [];
      this.byId.set(Number(sid), text(address).replace(/:\d+$/, ""));
    }
  }

  /**
   * The text of the configuration that a server sends.
   * @param {World} world
   * @param {number} server
   * @returns {string | undefined} undefined where it is not known to the byte
   */
  config(world, server) {
    this.collect();
    if ((world.states.get(server)?.scalars.get(this.changing)?.length ?? 0) > 0) return undefined;
    return configText(this.byId, this.servers);
  }
}
