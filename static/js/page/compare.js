// @ts-check
// Two runs side by side, at the same virtual time. Nothing is done to them here.

import { Catalogue } from "../core/catalogue.js";
import { Socket } from "../core/socket.js";
import { Store } from "../core/store.js";
import { Versus } from "../ui/versus.js";
import { part } from "../ui/dom.js";
import { bindTheme } from "../ui/theme.js";

bindTheme(part(document, "theme"));
const desk = part(document, "compare");

/** @param {string | undefined} address */
async function load(address) {
  const response = await fetch(address ?? "");
  return response.json();
}

/**
 * Watches a run.
 * @param {string | undefined} feed
 * @param {(store: Store) => void} met called once, with what its room says first
 */
function watch(feed, met) {
  const address = new URL(feed ?? "", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  /** @type {Store | undefined} */
  let store;
  const strip = part(document, "strip");
  const socket = new Socket(address.href, {
    from: () => store?.trace.length ?? 0,
    status: (up, _, reason) => {
      strip.hidden = up;
      strip.textContent = reason || (strip.dataset.lost ?? "");
    },
    gone: () => location.reload(),
    message: (data) => {
      if (data.kinds && !store) {
        store = new Store(data);
        store.following = false;
        met(store);
      } else if (data.kinds && store?.trace.header.run !== data.run) location.reload();
      if (data.head) store?.setHead(data.head);
      if (data.rows?.length > 0) store?.append(data.rows);
    },
  });
  socket.connect();
}

const [messages, words] = await Promise.all([load(desk.dataset.texts), load(desk.dataset.words)]);
const catalogue = new Catalogue(messages, words.texts);
/** @type {Store[]} */
const stores = [];
[desk.dataset.a, desk.dataset.b].forEach((feed, i) => watch(feed, (store) => {
  stores[i] = store;
  if (stores[0] && stores[1]) new Versus(desk, stores[0], stores[1], catalogue);
}));
