// @ts-check
// The ensemble panel: a disc for each server, which can be selected, and what goes on between them.

import { serverIds } from "../core/quorum.js";
import { ABSENT, FROZEN, LEADING, UP } from "../core/roles.js";
import { text, PEER, NODE } from "../core/row.js";
import { Taken, boxAround } from "../draw/boxes.js";
import { discShapes } from "../draw/disc.js";
import { lossShapes, packetShapes } from "../draw/packets.js";
import { linkShapes } from "../draw/ring.js";
import { layOut, moved, ringsOf } from "../draw/ringlayout.js";
import { svg } from "../draw/svg.js";
import { wallShapes } from "../draw/wall.js";
import { sizeOf } from "./dom.js";
import { rove, settle } from "./roving.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../draw/disc.js").Face} Face */
/** @typedef {import("../draw/ringlayout.js").Layout} Layout */

const SHARES = [1, 0.85, 0.72, 0.6]; // of the zoom that is asked for
const STEPS = 24; // steps in which a timer's arc is drawn

/** Keeps the picture of the ensemble. */
export class Ring {
  /**
   * @param {HTMLElement} element
   * @param {Store} store
   * @param {{zoom?: () => number, menu?: () => void, label?: string, wall?: (sides: string) => void}} [means]
   *   menu shows what can be done to the selected server; wall says which sides are cut off
   */
  constructor(element, store, { zoom = () => 1, menu, label = "Servers", wall = () => {} } = {}) {
    this.element = element;
    this.store = store;
    this.zoom = zoom;
    this.wall = wall;
    this.menu = menu;
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.between = svg("g", { "aria-hidden": "true" });
    this.discs = svg("g", { role: "listbox", "aria-label": label });
    this.named = svg("g", { "aria-hidden": "true", class: "named" });
    this.svg = svg("svg", {}, this.between, this.discs, this.named);
    this.ids = serverIds(store);
    /** @type {Map<number, {group: SVGElement, face: string}>} */
    this.made = new Map(this.ids.map((id) => [id, { group: this.machine(id), face: "" }]));
    this.layout = layOut(this.ids, 300, 300);
    this.room = "";
    this.size = { width: 300, height: 300 };
    rove(this.discs, ".machine");
    settle(this.discs, ".machine");
    this.between.addEventListener("click", (e) => this.pickLink(e.target));
    element.replaceChildren(this.svg);
  }

  /** @param {number} id */
  machine(id) {
    const group = svg("g", { class: "machine", role: "option", tabindex: -1, "data-machine": id, "aria-label": id });
    const select = () => this.store.selectServer(this.store.server === id ? 0 : id);
    group.addEventListener("click", select);
    group.addEventListener("contextmenu", (e) => this.openMenu(e, id));
    group.addEventListener("keydown", (event) => {
      const e = /** @type {KeyboardEvent} */ (event);
      if (e.key !== "Enter" && e.key !== " ") return;
      e.preventDefault();
      select();
    });
    this.discs.append(group);
    return group;
  }

  /**
   * The menu of a server is the panel Do: a long press or the right button goes there.
   * @param {Event} e
   * @param {number} id
   */
  openMenu(e, id) {
    if (!this.menu) return;
    e.preventDefault();
    this.store.selectServer(id);
    this.menu();
  }

  /** @param {EventTarget | null} target */
  pickLink(target) {
    if (!(target instanceof SVGElement) || !target.dataset.a) return;
    this.store.selectLink(Number(target.dataset.a), Number(target.dataset.b));
  }

  draw() {
    const box = sizeOf(this.element);
    if (box.width === 0 || box.height === 0) return;
    const { width, height } = this.fit(box);
    const taken = this.taken(width, height);
    for (const id of this.ids) this.drawMachine(id);
    this.tellSides();
    this.named.replaceChildren(...this.ids.flatMap((id) => this.nameOf(id, taken, { x: width / 2, y: height / 2 })));
    this.between.replaceChildren(...linkShapes(this.store, this.layout), ...wallShapes(this.store, this.layout, { width, height }),
      ...lossShapes(this.store, this.layout), ...packetShapes(this.store, this.layout, taken, { still: this.still.matches, named: this.zoom() > 1 }));
  }

  /**
   * Lays the ring out anew if its room has changed. For an audience all is as large as leaves room for
   * the words of the roles.
   * @param {{width: number, height: number}} box
   */
  fit(box) {
    const room = `${box.width} ${box.height} ${this.zoom()}`;
    if (room === this.room) return this.size;
    this.room = room;
    for (const share of SHARES) {
      const zoom = Math.max(1, this.zoom() * share);
      this.size = { width: box.width / zoom, height: box.height / zoom };
      this.layout = layOut(this.ids, this.size.width, this.size.height);
      if (zoom === 1 || [...this.layout.labels.values()].some(({ lines }) => lines > 0)) break;
    }
    this.svg.setAttribute("viewBox", `0 0 ${this.size.width} ${this.size.height}`);
    return this.size;
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  taken(width, height) {
    const taken = new Taken(width, height);
    for (const [id, point] of this.layout.points) {
      taken.circles.push({ middle: point, radius: this.layout.radius + ringsOf(this.ids.length) - 2 });
      const label = this.layout.labels.get(id);
      if (label && label.lines > 0) taken.take(moved(label.box, point));
    }
    return taken;
  }

  /**
   * Where there is no room for labels, those who matter get one inside the ring.
   * @param {number} id
   * @param {Taken} taken
   * @param {import("../draw/boxes.js").Point} middle
   * @returns {SVGElement[]}
   */
  nameOf(id, taken, middle) {
    const at = this.layout.points.get(id);
    if (!at || this.layout.labels.get(id)?.lines !== 0) return [];
    const { role, selected, lit, word } = this.face(id);
    if (role !== LEADING && !selected && !lit) return [];
    const words = `${id} ${word}`;
    for (const share of [0.3, 0.4, 0.5, 0.6, 0.7]) {
      const [x, y] = [at.x + (middle.x - at.x) * share, at.y + (middle.y - at.y) * share];
      const box = boxAround(x, y, words.length * 8.4, 18);
      if (!taken.isFree(box)) continue;
      taken.take(box);
      return [svg("text", { x, y: y + 4, class: "disc-word", "text-anchor": "middle" }, words)];
    }
    return [];
  }

  tellSides() {
    const { links, world } = this.store;
    const sides = links.any(world) ? links.sides(world, this.ids, true) : [];
    this.wall(sides.length > 1 ? sides.map((side) => side.join(", ")).join(" | ") : "");
  }

  /** @param {number} id */
  drawMachine(id) {
    const at = this.layout.points.get(id);
    const made = this.made.get(id);
    const label = this.layout.labels.get(id);
    if (!at || !made || !label) return;
    const face = this.face(id);
    const key = JSON.stringify([face, this.room]);
    if (made.face === key) return;
    made.face = key;
    made.group.setAttribute("transform", `translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})`);
    made.group.setAttribute("aria-label", [`${id}`, face.word, face.below].filter(Boolean).join(" "));
    made.group.setAttribute("aria-selected", String(face.selected));
    const focus = svg("circle", { r: this.layout.radius + ringsOf(this.ids.length) + 2, class: "disc-focus" });
    made.group.replaceChildren(focus, ...discShapes(face, this.layout.radius, label));
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
      id, role: roles.of(store.world, id), word: roles.word(store.world, id), below: this.below(id),
      selected: store.server === id, lit: event !== undefined && (event[NODE] === id || event[PEER] === id),
      votes: this.votes(id), timer: this.timer(id), past: this.past(id),
    };
  }

  /** @param {number} id */
  below(id) {
    const { roles } = this.store.lanes;
    const epoch = this.store.world.scalar(id, roles.epoch);
    const zxid = this.store.world.scalar(id, roles.zxid);
    if (epoch === undefined && zxid === undefined) return "";
    if (epoch === undefined || zxid === undefined) return epoch === undefined ? text(zxid) : `epoch ${text(epoch)}`;
    return `epoch ${text(epoch)} · ${text(zxid)}`;
  }

  /**
   * The share that is left of the timer that matters most; -1 if none runs.
   * @param {number} id
   */
  timer(id) {
    const timer = this.store.timers.main(this.store.world, id);
    if (!timer || this.store.lanes.roles.of(this.store.world, id) >= FROZEN) return -1;
    const share = (timer.at - this.store.now) / Math.max(1, timer.at - timer.since);
    return Math.round(Math.max(0, Math.min(1, share)) * STEPS) / STEPS;
  }

  /**
   * The two roles before the present one.
   * @param {number} id
   */
  past(id) {
    const spans = this.store.lanes.byMachine.get(id);
    if (!spans) return [];
    const at = spans.indexAt(this.store.cursor);
    return [at - 1, at - 2].map((i) => (i >= 0 ? spans.value.data[i] : ABSENT)).filter((role) => role !== ABSENT && role !== UP);
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
