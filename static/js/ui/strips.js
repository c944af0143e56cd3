// @ts-check
// Strips at the top: the connection is lost, the viewer is behind, a rule is broken.

import { ARGS, text } from "../core/row.js";
import { h, write } from "./dom.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/catalogue.js").Catalogue} Catalogue */

/** Keeps the strip about the connection. */
export class ConnectionStrip {
  /**
   * @param {HTMLElement} element
   * @param {Catalogue} catalogue
   * @param {() => void} retry
   */
  constructor(element, catalogue, retry) {
    this.element = element;
    this.catalogue = catalogue;
    this.words = h("span");
    this.left = h("span", { "aria-hidden": "true" });
    this.button = h("button", { type: "button", class: "button small" }, catalogue.ui("strip.retry"));
    this.button.addEventListener("click", retry);
    this.timer = 0;
  }

  /**
   * @param {number} last number of the last event seen
   * @param {number} retryIn milliseconds
   * @param {string} reason
   */
  lost(last, retryIn, reason) {
    write(this.words, this.catalogue.ui("strip.lost", { reason, last }));
    this.element.replaceChildren(this.words, " ", this.left, " ", this.button);
    this.element.hidden = false;
    const until = performance.now() + retryIn;
    const count = () => write(this.left, this.catalogue.ui("strip.again", {
      seconds: (Math.max(0, until - performance.now()) / 1000).toFixed(1) }));
    clearInterval(this.timer);
    this.timer = setInterval(count, 200);
    count();
  }

  up() {
    clearInterval(this.timer);
    this.element.hidden = true;
  }

  /**
   * @param {{behind: number, most: number}} slow
   * @param {() => void} jump
   */
  slow({ behind, most }, jump) {
    const button = h("button", { type: "button", class: "button small" }, this.catalogue.ui("strip.jump"));
    button.addEventListener("click", () => {
      this.element.hidden = true;
      jump();
    });
    this.element.replaceChildren(this.catalogue.ui("strip.slow", { behind, most }), " ", button);
    this.element.hidden = false;
    clearInterval(this.timer);
    this.timer = setTimeout(() => (this.element.hidden = true), 4000);
  }
}

/**
 * What an event of a broken rule says. bug is the ZooKeeper issue of the fault that explains it, repair
 * the option that mends a fault which has none.
 * @param {Store} store
 * @param {number} seq
 * @returns {Object<string, string | number>}
 */
export function violation({ trace }, seq) {
  const row = trace.at(seq);
  const { args } = trace.vocabulary.kinds[trace.kind.data[seq - 1]];
  const given = Object.fromEntries(args.map((name, i) => [name, text(row?.[ARGS][i] ?? "")]));
  const known = (given.bug ?? "").startsWith("ZOOKEEPER-");
  return { seq, ...given, bug: known ? given.bug : "", repair: known ? "" : given.bug ?? "" };
}

const AWAY = "zabscope.put-away"; // runs whose strip about a broken rule was put away
const RUNS = 40; // that are remembered, at most
const ISSUES = "https://issues.apache.org/jira/browse/";

/** Keeps the strip about a rule that does not hold. */
export class ViolationStrip {
  /**
   * @param {HTMLElement} element
   * @param {HTMLElement} alert for those who listen
   * @param {Store} store
   * @param {Catalogue} catalogue
   */
  constructor(element, alert, store, catalogue) {
    this.element = element;
    this.alert = alert;
    this.store = store;
    this.catalogue = catalogue;
    this.kind = store.trace.vocabulary.kind("check.violated");
    this.looked = 0;
    element.addEventListener("click", (e) => this.clicked(e.target));
  }

  draw() {
    const { kind, length } = this.store.trace;
    for (; this.looked < length; this.looked++) {
      if (kind.data[this.looked] === this.kind) this.show(this.looked + 1);
    }
  }

  /** @param {EventTarget | null} target */
  clicked(target) {
    if (!(target instanceof HTMLElement)) return;
    if (target.dataset.close) this.putAway();
    const seq = Number(target.dataset.seq ?? 0);
    if (seq > 0) this.store.select(seq);
  }

  /** Puts the strip away for good, as far as this run is concerned. */
  putAway() {
    this.element.hidden = true;
    localStorage.setItem(AWAY, JSON.stringify([...this.away(), this.store.trace.header.run].slice(-RUNS)));
  }

  /** @returns {string[]} */
  away() {
    return JSON.parse(localStorage.getItem(AWAY) ?? "[]");
  }

  /**
   * Says that a rule is broken, first by which fault if that is known. What is broken first stays: the
   * rest mostly comes from it.
   * @param {number} seq
   */
  show(seq) {
    const given = violation(this.store, seq);
    const [bug, rule, clash, fault] = ["bug", "violated", "clash", "fault"].map((name) => this.catalogue.ui(`strip.${name}`, given));
    this.alert.textContent = [bug, rule, clash, fault].filter(Boolean).join(" ");
    if (this.element.hasChildNodes()) return;
    const name = String(given.bug);
    this.element.classList.toggle("known", name !== "");
    this.element.replaceChildren(...(name ? [met(bug, name), " ", rule] : [h("strong", {}, rule)]), " ",
      h("span", { class: "clash" }, clash), " ", fault, " ",
      h("button", { type: "button", class: "go", "data-seq": seq }, this.catalogue.ui("strip.show", { seq })), " ",
      h("button", { type: "button", class: "button small", "data-close": "true" }, this.catalogue.ui("strip.close")));
    this.element.hidden = this.away().includes(this.store.trace.header.run);
  }
}

/**
 * The sentence that names a fault, with its name leading to where it was reported.
 * @param {string} words
 * @param {string} bug
 */
function met(words, bug) {
  const at = words.indexOf(bug);
  return h("strong", {}, words.slice(0, at), h("a", { href: ISSUES + bug, target: "_blank", rel: "noopener" }, bug), words.slice(at + bug.length));
}
