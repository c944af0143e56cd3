// @ts-check
// A run and what is looked at, as the fragment of an address. The form is told byte for byte in the
// documentation of the Go package engine/export, whose limits these are.

/** @typedef {import("./deeds.js").Deed} Deed */
/**
 * until is virtual nanoseconds; cursor is the number of an event, 0 for none; engine and check are ""
 * where nobody knows them.
 * @typedef {{config: Object<string, unknown>, actions: Deed[], until: number, branch: string, cursor: number,
 *   select: string, panels: string[], engine: string, check: string}} Link
 */

const MAX_LINK = 32 << 10; // characters of the fragment
const MAX_BYTES = 512 << 10; // of its JSON
const MAX_ACTIONS = 10_000;
const MAX_LINE = 4 << 10; // bytes of an action's line
const MAX_PANELS = 32;
const MAX_WORD = 256; // bytes of any other text
const LAST_SERVER = 1001; // none has a higher number
const KEY = "run=";
const VERSION = "1";
const KEYS = ["run", "do", "until", "branch", "cursor", "select", "panels", "engine", "check"];

/** Why a link cannot be written or read: a key under "link." in the page's words, and its values. */
export class LinkError extends Error {
  /**
   * @param {string} key
   * @param {Object<string, string | number>} [values]
   */
  constructor(key, values = {}) {
    super(`link.${key}`);
    this.values = values;
  }
}

/**
 * @param {unknown} holds
 * @param {string} key
 * @param {Object<string, string | number>} [values]
 */
function must(holds, key, values) {
  if (!holds) throw new LinkError(key, values);
}

/**
 * Writes a link for behind the "#" of an address.
 * @param {Link} link
 * @returns {Promise<string>} rejected with a LinkError
 */
export async function encode(link) {
  check(link);
  const doing = link.actions.map((a, i) => doingOf(a, link.actions[i - 1]?.at ?? 0));
  const { config: run, until, branch, cursor, select, panels, engine, check: sum } = link;
  const all = { run, do: doing, until, branch, cursor, select, panels, engine, check: sum };
  const said = Object.entries(all).filter(([, v]) => (Array.isArray(v) ? v.length > 0 : Boolean(v)));
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(said)));
  must(text.length <= MAX_BYTES, "long", { most: MAX_LINK });
  const out = `${KEY}${VERSION}.${toBase64(await piped(text, new CompressionStream("deflate-raw"), Infinity))}`;
  must(out.length <= MAX_LINK, "long", { most: MAX_LINK });
  return out;
}

/**
 * @param {Deed} a
 * @param {number} last when the action before was
 */
function doingOf({ at, do: line, cli, server = 0, after = 0, early = false }, last) {
  const all = [at - last, cli || line, server, after, Number(early)];
  while (all.length > 2 && all.at(-1) === 0) all.pop();
  return all;
}

/**
 * Reads a link, or the fragment of an address in which it stands, with "#" or without.
 * @param {string} fragment
 * @returns {Promise<Link>} rejected with a LinkError
 */
export async function decode(fragment) {
  must(fragment.length <= MAX_LINK + 1, "large", { most: MAX_LINK });
  const parts = fragment.replace(/^#/, "").split("&").filter((p) => p.startsWith(KEY));
  const body = (parts.at(-1) ?? "").slice(KEY.length);
  const dot = body.indexOf(".");
  must(dot >= 0, "none");
  const version = body.slice(0, dot);
  must(version === VERSION, "version", { theirs: version.slice(0, 12), ours: VERSION });
  return linkOf(parsed(await inflated(body.slice(dot + 1))));
}

/** @param {string} data */
async function inflated(data) {
  const packed = fromBase64(data);
  try {
    return await piped(packed, new DecompressionStream("deflate-raw"), MAX_BYTES);
  } catch (e) {
    throw e instanceof LinkError ? e : new LinkError("damaged");
  }
}

/**
 * What comes of bytes that go through a stream.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {CompressionStream | DecompressionStream} stream
 * @param {number} most bytes; the stream is left where it gives more
 */
async function piped(bytes, stream, most) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const chunks = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(chunks).arrayBuffer());
    chunks.push(/** @type {Uint8Array<ArrayBuffer>} */ (value));
    size += value.length;
    if (size <= most) continue;
    await reader.cancel();
    throw new LinkError("bomb", { most });
  }
}

/** @param {Uint8Array} bytes */
function toBase64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @param {string} data */
function fromBase64(data) {
  must(/^[A-Za-z0-9_-]*$/.test(data) && data.length % 4 !== 1, "damaged");
  const text = atob(data.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
  must(toBase64(bytes) === data, "damaged"); // bits behind the last byte
  return bytes;
}

/** @param {Uint8Array} bytes */
function parsed(bytes) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new LinkError("strange");
  }
}

/** @param {any} j what the JSON of a link says @returns {Link} */
function linkOf(j) {
  must(isObject(j) && Object.keys(j).every((key) => KEYS.includes(key)), "strange");
  must(isObject(j.run), "no-run");
  const { until = 0, cursor = 0, branch = "", select = "", engine = "", check: sum = "", panels = [], do: doing = [] } = j;
  must(Array.isArray(doing) && Array.isArray(panels), "strange");
  let last = 0;
  const actions = doing.map((/** @type {unknown} */ x, /** @type {number} */ i) => {
    const a = actionOf(x, last, i + 1);
    last = a.at;
    return a;
  });
  const link = { config: j.run, actions, until, branch, cursor, select, panels, engine, check: sum };
  check(link);
  return link;
}

/**
 * @param {any} x
 * @param {number} last when the action before was
 * @param {number} n which action it is
 * @returns {Deed}
 */
function actionOf(x, last, n) {
  must(Array.isArray(x) && x.length >= 2 && x.length <= 5 && typeof x[1] === "string", "action", { n });
  const [wait, line, server = 0, after = 0, early = 0] = x;
  must([wait, server, after, early].every(isNumber) && early <= 1, "action", { n });
  return { at: last + wait, ...(server > 0 ? { cli: line, server } : { do: line }), ...(after > 0 && { after }),
    ...(early > 0 && { early: true }) };
}

/**
 * Holds a link against the limits.
 * @param {Link} link
 */
function check(link) {
  const { config, actions, panels, until, cursor } = link;
  must(isObject(config), "no-run");
  must(isNumber(until) && isNumber(cursor), "number");
  must(actions.length <= MAX_ACTIONS, "actions", { most: MAX_ACTIONS });
  must(panels.length <= MAX_PANELS, "strange");
  for (const word of [link.branch, link.select, link.engine, link.check, ...panels]) {
    must(typeof word === "string" && bytesOf(word) <= MAX_WORD, "strange");
  }
  let last = 0;
  actions.forEach((a, i) => {
    const { at, do: line = "", cli = "", server = 0, after = 0 } = a;
    const one = (line === "") !== (cli === "") && (line === "" || server === 0);
    const sound = one && bytesOf(line + cli) <= MAX_LINE && server >= 0 && server <= LAST_SERVER;
    must(sound && isNumber(at) && isNumber(after) && at >= last, "action", { n: i + 1 });
    last = at;
  });
}

/** @param {unknown} x */
function isObject(x) {
  return typeof x === "object" && x !== null && !Array.isArray(x);
}

/** @param {unknown} x */
function isNumber(x) {
  return Number.isSafeInteger(x) && Number(x) >= 0;
}

/** @param {string} text */
function bytesOf(text) {
  return new TextEncoder().encode(text).length;
}
