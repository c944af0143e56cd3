// @ts-check
// The verbs for what is selected: a server, and the link from it to another.

import { isFrozen, verbs } from "../core/verbs.js";
import { serverIds } from "../core/quorum.js";
import { h, write } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */

/** Keeps the buttons of verbs. What is impossible stays in its place, and says why when pressed. */
export class Verbs {
  /**
   * @param {HTMLElement} element
   * @param {Store} store
   * @param {Catalogue} catalogue
   * @param {(name: string) => void} press
   */
  constructor(element, store, catalogue, press) {
    this.store = store;
    this.catalogue = catalogue;
    this.buttons = new Map([...verbs, { name: "heal", key: "h" }].map(({ name, key }) => {
      const button = h("button", { type: "button", class: "button", "data-verb": name, "aria-keyshortcuts": key || undefined },
        h("span", {}, catalogue.ui(`verb.${name}`)));
      if (key) button.append(" ", h("kbd", { "aria-hidden": "true" }, key));
      button.addEventListener("click", () => press(name));
      return [name, button];
    }));
    element.replaceChildren(...this.buttons.values());
  }

  /**
   * Why a verb makes no sense now, "" if it does.
   * @param {string} name
   */
  hindered(name) {
    const { store, catalogue } = this;
    if (!store.trace.header.config) return catalogue.ui("verb.no.recording");
    if (name === "heal") return this.healed();
    if (store.server === 0) return catalogue.ui("verb.no.selection");
    const reason = verbs.find((v) => v.name === name)?.hindered(store, store.server) ?? "";
    return reason && catalogue.ui(`verb.no.${reason}`, { id: store.server });
  }

  /** Why there is nothing to heal, "" if there is. Links that are held are not cut. */
  healed() {
    const { links, world } = this.store;
    if (links.anyCut(world)) return "";
    return this.catalogue.ui(links.any(world) ? "verb.no.held" : "verb.no.whole");
  }

  draw() {
    for (const [name, button] of this.buttons) {
      const why = this.hindered(name);
      const about = this.catalogue.ui(`verb.about.${name}`);
      button.setAttribute("aria-disabled", String(why !== ""));
      button.title = why ? `${about} ${why}` : about;
      button.setAttribute("aria-description", button.title);
    }
    const freeze = this.buttons.get("freeze")?.firstElementChild;
    if (freeze) write(freeze, this.catalogue.ui(isFrozen(this.store, this.store.server) ? "verb.thaw" : "verb.freeze"));
  }
}

/** Keeps the verbs for a link: cut, hold, release, each in one direction. */
export class LinkVerbs {
  /**
   * @param {HTMLElement} element
   * @param {Store} store
   * @param {Catalogue} catalogue
   * @param {(line: string) => void} run
   */
  constructor(element, store, catalogue, run) {
    this.element = element;
    this.store = store;
    this.label = h("label", { class: "panel-title", for: "link-to" });
    this.select = /** @type {HTMLSelectElement} */ (h("select", { id: "link-to" }));
    this.catalogue = catalogue;
    this.select.addEventListener("change", () => store.selectLink(store.server, Number(this.select.value)));
    const { ui } = { ui: (/** @type {string} */ key) => catalogue.ui(key) };
    const button = (/** @type {string} */ name, /** @type {() => string} */ line) => {
      const made = h("button", { type: "button", class: "button", "data-link": name }, ui(`link.${name}`));
      made.addEventListener("click", () => run(line()));
      return made;
    };
    this.hold = button("hold", () => `${this.isHeld() ? "release" : "hold"} ${store.server} to ${this.peer()}`);
    element.replaceChildren(this.label, this.select, button("cut", () => `partition ${store.server} | ${this.peer()}`),
      button("oneway", () => `partition ${store.server} | ${this.peer()} oneway`), this.hold);
  }

  /** The other end of the link. */
  peer() {
    return this.store.peer || Number(this.select.value);
  }

  isHeld() {
    return this.store.links.isHeld(this.store.world, this.store.server, this.peer());
  }

  draw() {
    const { store } = this;
    const others = serverIds(store).filter((id) => id !== store.server);
    this.element.hidden = store.server === 0 || others.length === 0;
    if (this.element.hidden) return;
    write(this.label, this.catalogue.ui("link.label", { id: store.server }));
    const key = others.join(",");
    if (this.select.dataset.key !== key) {
      this.select.dataset.key = key;
      this.select.replaceChildren(...others.map((id) => h("option", { value: id }, String(id))));
    }
    if (store.peer > 0) this.select.value = String(store.peer);
    write(this.hold, this.catalogue.ui(this.isHeld() ? "link.release" : "link.hold"));
  }
}
