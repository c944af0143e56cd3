// @ts-check
// The ensemble panel: a disc for each server, which can be selected.

import { text, PEER, NODE } from "../core/row.js";
import { FIRST_CLIENT, WORLD } from "../core/vocabulary.js";
import { discShapes } from "../draw/disc.js";
import { linkShapes, packetShapes, spoken } from "../draw/ring.js";
import { layOut } from "../draw/ringlayout.js";
import { svg } from "../draw/svg.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../draw/disc.js").Face} Face */

/** Keeps the picture of the ensemble. */
export class Ring {
  /**
   * @param {HTMLElement} element
   * @param {Store} store
   */
  constructor(element, store) {
    this.element = element;
    this.store = store;
    this.links = svg("g");
    this.discs = svg("g");
    this.packets = svg("g");
    this.svg = svg("svg", { role: "group", "aria-label": "Servers" }, this.links, this.packets, this.discs);
    this.ids = store.trace.header.machines.map((m) => m.id).filter((id) => id !== WORLD && id < FIRST_CLIENT);
    /** @type {Map<number, {group: SVGElement, face: string}>} */
    this.made = new Map(this.ids.map((id) => [id, { group: this.machine(id), face: "" }]));
    element.replaceChildren(this.svg);
  }

  /** @param {number} id */
  machine(id) {
    const group = svg("g", { class: "machine", role: "button", tabindex: 0, "data-machine": id });
    const select = () => this.store.selectServer(this.store.server === id ? 0 : id);
    group.addEventListener("click", select);
    group.addEventListener("keydown", (e) => {
      if (/** @type {KeyboardEvent} */ (e).key === "Enter") select();
    });
    this.discs.append(group);
    return group;
  }

  draw() {
    const { width, height } = this.element.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const layout = layOut(this.ids, width, height);
    for (const id of this.ids) this.drawMachine(id, layout);
    this.links.replaceChildren(...linkShapes(this.store, layout));
    this.packets.replaceChildren(...packetShapes(this.store, layout));
  }

  /**
   * @param {number} id
   * @param {import("../draw/ringlayout.js").Layout} layout
   */
  drawMachine(id, layout) {
    const at = layout.points.get(id);
    const made = this.made.get(id);
    if (!at || !made) return;
    made.group.setAttribute("transform", `translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})`);
    const face = this.face(id);
    const key = JSON.stringify([face, layout.radius]);
    if (made.face === key) return;
    made.face = key;
    made.group.setAttribute("aria-label", spoken(this.store, id, face.word, face.below));
    made.group.setAttribute("aria-pressed", String(face.selected));
    const focus = svg("circle", { r: layout.radius + 16, class: "disc-focus" });
    made.group.replaceChildren(focus, ...discShapes(face, layout.radius));
  }

  /**
   * What a server looks like at the cursor.
   * @param {number} id
   * @returns {Face}
   */
  face(id) {
    const { store } = this;
    const { roles } = store.lanes;
    const event = store.following ? undefined : store.event;
    return {
      id, name: `server ${id}`, role: roles.of(store.world, id), word: roles.word(store.world, id),
      below: this.below(id), selected: store.server === id,
      lit: event !== undefined && (event[NODE] === id || event[PEER] === id), votes: this.votes(id),
    };
  }

  /** @param {number} id */
  below(id) {
    const { roles } = this.store.lanes;
    const epoch = this.store.world.scalar(id, roles.epoch);
    const zxid = this.store.world.scalar(id, roles.zxid);
    if (epoch === undefined && zxid === undefined) return "";
    return `epoch ${text(epoch)} · ${text(zxid)}`;
  }

  /**
   * For each vote in hand whether it is for the server's own candidate.
   * @param {number} id
   */
  votes(id) {
    const { world, trace } = this.store;
    const mine = text(world.scalar(id, trace.vocabulary.field("vote")));
    const votes = world.states.get(id)?.maps.get(trace.vocabulary.field("recvset"));
    return [...(votes?.values() ?? [])].map(({ values }) => text(values[0]) === mine);
  }
}
