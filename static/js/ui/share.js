// @ts-check
// The panel Share: a link to the moment that is looked at, the run in other forms, a picture, a frame.

import { seconds } from "../core/axis.js";
import { encode } from "../core/link.js";
import { wordsOf } from "../core/post.js";
import { checkOf, selection, toFragment } from "../core/view.js";
import { Aside } from "./aside.js";
import { part, write } from "./dom.js";
import { picture, rasterized } from "./picture.js";
import { say } from "./said.js";
import { copy, save } from "./save.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */

/** Keeps the panel. */
export class Share extends Aside {
  /**
   * @param {{panel: HTMLElement, instead: HTMLElement, button: HTMLElement}} elements
   * @param {() => void} reveal
   * @param {{store: Store, catalogue: Catalogue, deeds: import("../core/deeds.js").Deeds, desk: HTMLElement,
   *   panels: () => string[]}} means panels tells what is open, as a link says it
   */
  constructor(elements, reveal, means) {
    super(elements, reveal);
    this.means = means;
    this.panel = elements.panel;
    this.link = this.field("share-link");
    this.frame = this.field("share-frame");
    this.said = part(this.panel, "share-said");
    this.done = part(this.panel, "share-done");
    this.qr = /** @type {HTMLImageElement} */ (part(this.panel, "share-qr"));
    this.shown = "";
    this.listen();
  }

  /** @param {string} id */
  field(id) {
    return /** @type {HTMLInputElement} */ (this.panel.querySelector(`#${id}`));
  }

  listen() {
    part(this.panel, "share-close").addEventListener("click", () => this.toggle(false));
    for (const button of this.all("[data-copy]")) {
      const id = button.dataset.copy ?? "";
      button.addEventListener("click", () => this.copy(this.field(id), id === "share-link" ? this.said : this.done));
    }
    for (const select of /** @type {HTMLSelectElement[]} */ (this.all("[data-depth]"))) {
      const [form] = /** @type {HTMLAnchorElement[]} */ (this.all(`[data-export="${select.dataset.depth}"]`));
      select.addEventListener("change", () => (form.search = `?depth=${select.value}`));
    }
    for (const form of this.all("[data-again]")) form.addEventListener("click", (e) => this.take(e, form));
    for (const button of this.all("[data-picture]")) button.addEventListener("click", () => this.draught(button.dataset.picture ?? ""));
  }

  /** @param {string} selector @returns {HTMLElement[]} */
  all(selector) {
    return [...this.panel.querySelectorAll(selector)].filter((e) => e instanceof HTMLElement);
  }

  /**
   * @param {HTMLInputElement} field
   * @param {HTMLElement} beside where to say so
   */
  async copy(field, beside) {
    const done = await copy(field);
    say(beside, this.means.catalogue.ui(done ? "share.copied" : "share.by-hand"), !done);
  }

  /** @override @param {boolean} show */
  set(show) {
    super.set(show);
    this.draw();
  }

  /** The link stands for the moment that its label names; while time passes, for the one when it was made. */
  draw() {
    const { store, deeds, panels } = this.means;
    if (this.panel.hidden) {
      this.shown = "";
      return;
    }
    if (this.shown && store.following && store.head.playing) return;
    const key = [store.cursor, selection(store), deeds.list.length, ...panels()].join();
    if (key === this.shown) return;
    this.shown = key;
    this.refresh(key);
  }

  /** @param {string} key of the moment */
  async refresh(key) {
    const { store, catalogue } = this.means;
    const seq = store.cursor;
    const { text, about } = await this.address();
    if (key !== this.shown) return;
    write(part(this.panel, "share-moment"), catalogue.ui("share.moment", { seq }));
    this.link.value = text(false);
    this.frame.value = `<iframe src="${text(true)}" title="${catalogue.ui("share.embed")}" width="960" height="600" loading="lazy"></iframe>`;
    say(this.said, "");
    const most = Number(this.qr.dataset.most);
    this.qr.hidden = this.link.value.length > most;
    if (!this.qr.hidden) this.qr.src = `/api/qr?text=${encodeURIComponent(this.link.value)}`;
    write(part(this.panel, "share-about"), this.qr.hidden ? `${about} ${catalogue.ui("share.no-qr")}` : about);
  }

  /**
   * The address of the moment. A run that does not fit into it, or cannot be made again, is linked to here.
   * @returns {Promise<{text: (embed: boolean) => string, about: string}>}
   */
  async address() {
    const { store, catalogue, deeds, panels } = this.means;
    const { header } = store.trace;
    const view = { cursor: store.cursor, select: selection(store), panels: panels(), check: "", theirs: "" };
    const here = (/** @type {boolean} */ embed) => `${location.origin}/runs/${header.room}${embed ? "?embed=1" : ""}${toFragment(view)}`;
    if (!header.config) return { text: here, about: catalogue.ui("share.recording") };
    try {
      const fragment = await encode({ config: header.config, actions: deeds.list, until: Math.floor(store.head.now), branch: "",
        cursor: view.cursor, select: view.select, panels: view.panels, engine: header.engine, check: checkOf(store, view.cursor) });
      return { text: (embed) => `${location.origin}/runs/open${embed ? "?embed=1" : ""}#${fragment}`, about: catalogue.ui("share.about") };
    } catch {
      return { text: here, about: `${catalogue.ui("link.long", { most: 32768 })} ${catalogue.ui("share.here")}` };
    }
  }

  /**
   * Saves a form that the server may refuse, and says why if it does.
   * @param {Event} e
   * @param {HTMLElement} form
   */
  async take(e, form) {
    e.preventDefault();
    const { catalogue } = this.means;
    const beside = part(this.panel, "share-taken");
    say(beside, catalogue.ui("share.saving", { name: form.textContent ?? "" }));
    const response = await fetch(/** @type {HTMLAnchorElement} */ (form).href);
    if (!response.ok) {
      say(beside, catalogue.ui("share.failed", { why: wordsOf((await response.json()).error) }), true);
      return;
    }
    const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "";
    save(await response.blob(), name);
    say(beside, catalogue.ui("share.saved", { name }));
  }

  /**
   * Saves a picture of what is in view.
   * @param {string} kind "svg" or "png"
   */
  async draught(kind) {
    const { store, catalogue, desk } = this.means;
    const { header, length: n } = store.trace;
    const row = store.event;
    const facts = catalogue.ui("share.selected", { seq: store.cursor, n, time: seconds(store.now), seed: header.seed, engine: header.engine });
    const { text, width, height } = picture(desk, { title: desk.querySelector("h1")?.textContent ?? "", facts,
      sentence: row ? catalogue.event(store.trace, row) : "" });
    const drawn = new Blob([text], { type: "image/svg+xml" });
    const name = `zabscope-${header.room}-${store.cursor}.${kind}`;
    save(kind === "svg" ? drawn : await rasterized(drawn, width, height), name);
    say(part(this.panel, "share-drawn"), catalogue.ui("share.saved", { name }));
  }
}
