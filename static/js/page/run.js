// @ts-check
// The page on which an ensemble runs: joins the room's trace to the panels.

import { seconds } from "../core/axis.js";
import { Catalogue } from "../core/catalogue.js";
import { Socket } from "../core/socket.js";
import { Store } from "../core/store.js";
import { onTheme, readPalette } from "../draw/palette.js";
import { Actions } from "../ui/actions.js";
import { part } from "../ui/dom.js";
import { Inspector } from "../ui/inspector.js";
import { listen } from "../ui/keys.js";
import { Logs } from "../ui/logs.js";
import { Narrator } from "../ui/narrator.js";
import { Ring } from "../ui/ring.js";
import { bindTheme } from "../ui/theme.js";
import { Timeline } from "../ui/timeline.js";
import { bindTools } from "../ui/tools.js";
import { Transport } from "../ui/transport.js";

/** @typedef {import("../core/vocabulary.js").Header} Header */

const desk = part(document, "desk");
const strip = part(document, "strip");
bindTheme(part(document, "theme"));

/** @type {Store | undefined} */
let store;

/** @returns {Promise<Catalogue>} */
async function loadCatalogue() {
  const response = await fetch(desk.dataset.texts ?? "");
  return new Catalogue(await response.json());
}

/** @param {Catalogue} catalogue */
function connect(catalogue) {
  const address = new URL(desk.dataset.feed ?? "", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  const socket = new Socket(address.href, {
    from: () => store?.trace.length ?? 0,
    status: showStatus,
    message: (data) => {
      if (data.kinds) meet(data, socket, catalogue);
      else if (store) take(store, data);
    },
  });
  socket.connect();
}

/**
 * Takes in a frame of the trace.
 * @param {Store} store
 * @param {{rows?: import("../core/row.js").Row[], head?: Partial<import("../core/store.js").Head>}} frame
 */
function take(store, { rows, head }) {
  if (head) store.setHead(head);
  if (rows) store.append(rows);
}

/**
 * The room says who it is: at first, and after each return of the connection. Another run than the
 * one on the screen means that the server began anew.
 * @param {Header} header
 * @param {Socket} socket
 * @param {Catalogue} catalogue
 */
function meet(header, socket, catalogue) {
  if (store && store.trace.header.run !== header.run) location.reload();
  if (store) return;
  store = new Store(header);
  build(store, socket, catalogue);
}

/**
 * @param {Store} store
 * @param {Socket} socket
 * @param {Catalogue} catalogue
 */
function build(store, socket, catalogue) {
  let colours = readPalette(document.documentElement);
  const palette = () => colours;
  const ask = (/** @type {{do?: string, head?: string}} */ c) => socket.ask(c);
  const timeline = new Timeline(part(desk, "timeline"), store, palette);
  const actions = new Actions(part(desk, "do"), store, ask);
  const transport = new Transport(part(document, "transport"), store, ask, palette);
  const panels = [
    new Ring(part(desk, "ring"), store), new Logs(part(desk, "logs"), store), timeline, actions, transport,
    new Inspector(part(desk, "inspector"), store, catalogue), bindTools(desk, store, timeline),
    new Narrator({ caption: part(desk, "caption"), spoken: part(desk, "spoken"), slider: part(desk, "timeline") },
      store, catalogue),
    { draw: () => showClock(part(document, "clock"), store) },
  ];
  listen({ store, transport, actions, timeline });
  const redraw = onceAFrame(() => panels.forEach((panel) => panel.draw()));
  store.subscribe(redraw);
  onTheme(() => {
    colours = readPalette(document.documentElement);
    redraw();
  });
  new ResizeObserver(redraw).observe(desk);
  redraw();
}

/**
 * Makes many calls in one frame of the screen into one.
 * @param {() => void} draw
 */
function onceAFrame(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}

/**
 * @param {HTMLElement} element
 * @param {Store} store
 */
function showClock(element, store) {
  element.textContent = seconds(store.now) + (store.following ? "" : " (looking back)");
}

/**
 * @param {boolean} up
 * @param {number} retryIn
 * @param {string} reason
 */
function showStatus(up, retryIn, reason) {
  document.documentElement.dataset.connection = up ? "up" : "down";
  strip.hidden = up;
  if (up) return;
  const last = store ? ` The last event seen is ${store.trace.length}; all of it stays here to look at.` : "";
  strip.textContent = `The connection to the room is lost${reason ? ` (${reason})` : ""}. ` +
    `Trying again in ${(retryIn / 1000).toFixed(1)} s.${last}`;
}

connect(await loadCatalogue());
