// Links against those that the Go package engine/export writes, and refuses.

import { LinkError, decode, encode } from "/js/core/link.js";
import { holds, same } from "./expect.js";

const vectors = await (await fetch("/tests/links.json")).json();

/** Why a link is refused, "" if it is not. */
async function refusal(doing) {
  try {
    await doing();
    return "";
  } catch (e) {
    if (!(e instanceof LinkError)) throw e;
    return e.message;
  }
}

/** The smallest link. */
const least = { config: {}, actions: [], until: 0, branch: "", cursor: 0, select: "", panels: [], engine: "", check: "" };

export async function linksWrittenInGoAreRead() {
  for (const { name, fragment, link } of vectors.filter((v) => v.link)) {
    const { config, actions, until, branch, cursor, select, panels, engine, check } = link;
    same(await decode(fragment), { config, actions, until, branch, cursor, select, panels, engine, check }, name);
  }
}

export async function linksComeBack() {
  for (const { name, fragment } of vectors.filter((v) => v.link)) {
    const link = await decode(fragment);
    const text = await encode(link);
    holds(/^run=1\.[A-Za-z0-9_-]+$/.test(text), `${name}: ${text} does not fit an address`);
    same(await decode(`#${text}`), link, name);
  }
}

export async function hostileAndBrokenLinksAreRefusedWithTheirReason() {
  for (const { name, fragment, refused } of vectors.filter((v) => v.refused)) {
    same(await refusal(() => decode(fragment)), `link.${refused}`, name);
  }
  same(await refusal(() => decode(`run=1.${"A".repeat(32768)}`)), "link.large");
}

export async function whatDoesNotFitIsNotWritten() {
  const noise = Array.from(crypto.getRandomValues(new Uint8Array(40000)), (n) => n.toString(36)).join("");
  same(await refusal(() => encode({ ...least, config: { noise } })), "link.long");
  same(await refusal(() => encode({ ...least, config: { x: "x".repeat(1 << 19) } })), "link.long");
  same(await refusal(() => encode({ ...least, cursor: -1 })), "link.number");
  same(await refusal(() => encode({ ...least, actions: [{ at: 2, do: "heal" }, { at: 1, do: "heal" }] })), "link.action");
}
