// @ts-check
// The panels of a run, and what joins them: one store, one selection, one table of keys.

import { Bookmarks } from "../core/bookmarks.js";
import { serverIds } from "../core/quorum.js";
import { onTheme, readPalette } from "../draw/palette.js";
import { Actions } from "../ui/actions.js";
import { arrange, arrangement } from "../ui/arrangement.js";
import { Branches } from "../ui/branches.js";
import { BranchRows } from "../ui/branchrows.js";
import { part, write } from "../ui/dom.js";
import { EventList } from "../ui/eventlist.js";
import { Finder } from "../ui/finder.js";
import { Help } from "../ui/help.js";
import { Inspector } from "../ui/inspector.js";
import { Invariants } from "../ui/invariants.js";
import { bindings, listen, watching } from "../ui/keys.js";
import { Logs } from "../ui/logs.js";
import { Narrator } from "../ui/narrator.js";
import { Pace } from "../ui/pace.js";
import { Panels } from "../ui/panels.js";
import { Presenter } from "../ui/presenter.js";
import { Ring } from "../ui/ring.js";
import { Story } from "../ui/story.js";
import { Share } from "../ui/share.js";
import { ViolationStrip } from "../ui/strips.js";
import { bindTabs } from "../ui/tabs.js";
import { Timeline } from "../ui/timeline.js";
import { bindTools } from "../ui/tools.js";
import { Transport } from "../ui/transport.js";
import { SessionsTab, TreeTab } from "../ui/tree.js";
import { Waiting } from "../ui/waiting.js";

/**
 * What panels are made of.
 * @typedef {{store: import("../core/store.js").Store, catalogue: import("../core/catalogue.js").Catalogue,
 *   deeds: import("../core/deeds.js").Deeds,
 *   ask: (command: import("../core/socket.js").Command) => Promise<import("../core/socket.js").Answer>}} Means
 */

/** All panels of one run. */
export class Desk {
  /**
   * @param {HTMLElement} element
   * @param {Means} means
   */
  constructor(element, means) {
    this.element = element;
    this.means = means;
    this.colours = readPalette(document.documentElement);
    this.bookmarks = new Bookmarks(means.store.trace.header.run, localStorage);
    this.presenter = new Presenter(element, means.store, part(document, "present"));
    const { lively, calm } = this.make();
    const { store } = means;
    const pace = new Pace(lively, calm, () => store.following && store.head.playing);
    this.redraw = () => pace.ask();
    this.join();
    this.redraw();
  }

  /** @returns {{lively: import("../ui/pace.js").Panel[], calm: import("../ui/pace.js").Panel[]}} */
  make() {
    const { element, means: { store, catalogue, ask, deeds } } = this;
    const palette = () => this.colours;
    const zoom = () => this.presenter.zoom;
    this.timeline = new Timeline(part(element, "timeline"), store, palette);
    this.timeline.scale = zoom;
    this.actions = new Actions(part(element, "do"), store, catalogue, ask, deeds);
    this.transport = new Transport(part(document, "transport"), store, { ask, palette, marks: this.bookmarks, catalogue });
    this.narrator = new Narrator({ caption: part(element, "caption"), spoken: part(element, "spoken"),
      sentence: part(element, "sentence"), clocks: [part(document, "clock"), part(element, "line-clock")],
      line: part(element, "line-now") }, store, catalogue);
    this.branches = new Branches(part(element, "said"), store, catalogue, deeds);
    this.panels = new Panels(element, part(document, "chips"), (name) => catalogue.ui("panel.show", { name: catalogue.ui(`panel.${name}`) }),
      { changed: () => this.redraw(), servers: serverIds(store).length });
    this.share = new Share({ panel: part(element, "share"), instead: part(element, "inspector"), button: part(document, "share-open") },
      () => this.reveal(), { store, catalogue, deeds, desk: element, panels: () => this.arrangement() });
    const ring = { zoom, menu: () => this.actions?.focusVerbs(), label: catalogue.ui("ensemble.list"), wall: (/** @type {string} */ sides) =>
      write(part(element, "sides"), sides && catalogue.ui("ensemble.wall", { sides })) };
    return {
      lively: [new Ring(part(element, "ring"), store, ring), this.timeline, this.transport],
      calm: [
        new Logs(part(element, "logs"), store, catalogue, zoom),
        new TreeTab(part(element, "tree"), store, catalogue), new SessionsTab(part(element, "sessions"), store, catalogue),
        this.actions, new Inspector(part(element, "inspector"), store, catalogue),
        bindTools(element, store, this.timeline, catalogue), this.narrator, this.presenter, this.branches,
        new BranchRows(part(document, "transport"), store, catalogue, deeds), this.share,
        new EventList(part(element, "timeline"), part(element, "events"), store, catalogue, (step) => this.timeline?.moveLane(step)),
        new Story(part(element, "story"), store),
        new Waiting(part(element, "waiting"), store, catalogue, ask),
        new Invariants(part(document, "invariants"), store, catalogue),
        new ViolationStrip(part(document, "violated"), part(element, "alert"), store, catalogue),
      ],
    };
  }

  /** Joins what concerns more than one panel. */
  join() {
    const { element, redraw, means: { store } } = this;
    store.subscribe(redraw);
    bindTabs(part(element, "log-tabs"), redraw);
    this.keys();
    onTheme(() => {
      this.colours = readPalette(document.documentElement);
      redraw();
    });
    document.addEventListener("resized", redraw);
    new ResizeObserver(redraw).observe(element);
  }

  keys() {
    const { element, means: { store, catalogue }, transport, actions, timeline, narrator, presenter, branches, share } = this;
    if (!transport || !actions || !timeline || !narrator || !branches || !share) return;
    const inspector = part(element, "inspector");
    const help = new Help({ panel: part(element, "help"), instead: inspector, button: part(document, "keys") },
      () => this.reveal(), { catalogue, narrator });
    const finder = new Finder(part(document, "transport"), store, catalogue, this.bookmarks);
    const all = bindings({ store, transport, actions, timeline, narrator, finder, presenter, help, branches, share,
      inspect: () => inspector.focus() });
    help.list(all);
    listen(document.documentElement.dataset.mode === "embed" ? all.filter(({ does }) => watching.includes(does)) : all);
  }

  /** Brings the place of the inspector into view. */
  reveal() {
    this.element.dataset.sheet = "inspector";
    this.panels?.show("inspector");
  }

  /** What is open, as a link says it. */
  arrangement() {
    return this.panels ? arrangement(this.element, this.panels, this.means.store) : [];
  }

  /** @param {string[]} words of a link */
  arrange(words) {
    if (this.panels) arrange(this.element, this.panels, this.means.store, words);
  }
}
