// @ts-check
// The page at which shared links arrive: has the run made that the address tells, and goes there.

import { Catalogue } from "../core/catalogue.js";
import { LinkError, decode } from "../core/link.js";
import { post } from "../core/post.js";
import { toFragment } from "../core/view.js";
import { part } from "../ui/dom.js";
import { bindTheme } from "../ui/theme.js";

/** @typedef {import("../core/link.js").Link} Link */

bindTheme(part(document, "theme"));
const element = part(document, "open");
const ours = element.dataset.engine ?? "";
const { language, texts } = await (await fetch(element.dataset.words ?? "")).json();
const words = new Catalogue({ language, names: {}, events: {}, nouns: {}, checks: {} }, texts);

/** @param {string} text */
function complain(text) {
  part(element, "said").textContent = "";
  part(element, "wrong").textContent = text;
}

/** @param {Link} link */
async function make(link) {
  part(element, "other").hidden = true;
  part(element, "said").textContent = words.ui("open.making", { seq: link.cursor });
  const body = JSON.stringify({ ...link.config, actions: link.actions, until: link.until });
  const { page, error } = await post("/api/runs", body, "application/json");
  if (!page) return complain(error ?? "");
  const { cursor, select, panels, check, engine: theirs } = link;
  const mode = new URLSearchParams(location.search).has("embed") ? "?embed=1" : "";
  location.replace(`${page}${mode}${toFragment({ cursor, select, panels, check, theirs })}`);
}

/** Another engine may make another run of the same: that is said before it is made. */
async function open() {
  try {
    const link = await decode(location.hash);
    if (link.engine === "" || link.engine === ours) return await make(link);
    part(element, "said").textContent = words.ui("open.other", { theirs: link.engine, ours });
    part(element, "other").hidden = false;
    part(element, "anyway").addEventListener("click", () => make(link));
  } catch (e) {
    complain(e instanceof LinkError ? words.ui(e.message, e.values) : String(e));
  }
}

addEventListener("hashchange", () => location.reload());
await open();
