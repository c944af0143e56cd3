// @ts-check
// Messages with placeholders, as the catalogue writes them, a small part of ICU's message format:
//
//	{name}  {name, form}  {name, select, key {...} other {...}}
//	{name, plural, =0 {...} one {...} other {...}}, in whose branches # is the number

/** @typedef {{name: string, form: string, branches?: Map<string, Part[]>}} Place */
/** @typedef {string | Place} Part a piece of text, or a place to fill */

/**
 * Reads a message.
 * @param {string} source
 * @returns {Part[]}
 */
export function parse(source) {
  const reader = { source, at: 0 };
  const parts = readParts(reader);
  if (reader.at < source.length) throw new Error(`a brace too many in: ${source}`);
  return parts;
}

/** @typedef {{source: string, at: number}} Reader */

/**
 * Reads up to a closing brace or the end.
 * @param {Reader} reader
 * @returns {Part[]}
 */
function readParts(reader) {
  /** @type {Part[]} */
  const parts = [];
  while (reader.at < reader.source.length && reader.source[reader.at] !== "}") {
    if (reader.source[reader.at] === "{") parts.push(readPlace(reader));
    else parts.push(take(reader, /[^{}]+/y));
  }
  return parts;
}

/**
 * @param {Reader} reader
 * @returns {Place}
 */
function readPlace(reader) {
  take(reader, /\{\s*/y);
  const name = take(reader, /[A-Za-z]\w*/y);
  const form = take(reader, /\s*(,\s*[a-z]+)?\s*/y).replace(/[\s,]/g, "");
  /** @type {Place} */
  const place = { name, form };
  if (form === "select" || form === "plural") {
    take(reader, /,\s*/y);
    place.branches = readBranches(reader);
  }
  take(reader, /\}/y);
  return place;
}

/** @param {Reader} reader */
function readBranches(reader) {
  /** @type {Map<string, Part[]>} */
  const branches = new Map();
  while (reader.source[reader.at] !== "}") {
    const key = take(reader, /=?[\w.-]+/y);
    take(reader, /\s*\{/y);
    branches.set(key, readParts(reader));
    take(reader, /\}\s*/y);
  }
  return branches;
}

/**
 * Takes what a pattern matches at the place of the reader, which must be something.
 * @param {Reader} reader
 * @param {RegExp} pattern
 */
function take(reader, pattern) {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.source);
  if (!found) throw new Error(`unexpected ${reader.source.slice(reader.at, reader.at + 12)} in: ${reader.source}`);
  reader.at = pattern.lastIndex;
  return found[0];
}

/**
 * Fills in a message.
 * @param {Part[]} parts
 * @param {(name: string, form: string) => string} value of a place, in its form
 * @param {(n: number) => string} pluralOf the plural category of a number
 * @param {string} [number] what # means here
 * @returns {string}
 */
export function fill(parts, value, pluralOf, number = "#") {
  return parts.map((part) => {
    if (typeof part === "string") return part.replaceAll("#", number);
    if (!part.branches) return value(part.name, part.form);
    const key = value(part.name, part.form);
    return fill(branchOf(part, key, pluralOf), value, pluralOf, part.form === "plural" ? key : number);
  }).join("");
}

/**
 * @param {Place} place
 * @param {string} key
 * @param {(n: number) => string} pluralOf
 */
function branchOf({ form, branches }, key, pluralOf) {
  const keys = form === "plural" ? [`=${key}`, pluralOf(Number(key)), "other"] : [key, "other"];
  return branches?.get(keys.find((k) => branches.has(k)) ?? "") ?? [];
}
