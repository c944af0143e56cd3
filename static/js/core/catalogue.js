// @ts-check
// Sentences: an event names a message and its arguments, the catalogue turns them into text. It is the
// same file that the engine's transcripts are made of, rendered the same way.

import { fill, parse } from "./message.js";
import { ARGS, CAUSE, CHECKS, KIND, NODE, PEER, text } from "./row.js";
import { FIRST_CLIENT, WORLD } from "./vocabulary.js";

/** @typedef {import("./row.js").Row} Row */
/** @typedef {import("./row.js").Check} Check */
/** @typedef {import("./row.js").Value} Value */
/** @typedef {import("./trace.js").Trace} Trace */
/** @typedef {{ask: string, yes: string, no: string}} Question */

/**
 * The file of one language.
 * @typedef {{language: string, names: Object<string, string>, events: Object<string, string>,
 *   nouns: Object<string, string>, checks: Object<string, Question>}} Messages
 */

/** @typedef {(name: string, form: string) => string | undefined} Lookup undefined where nothing has the name */

/** The messages of one language. */
export class Catalogue {
  /**
   * @param {Messages} messages
   * @param {Object<string, string>} [page] the page's own words, by key
   */
  constructor(messages, page = {}) {
    this.messages = messages;
    this.page = page;
    this.plurals = new Intl.PluralRules(messages.language);
    /** @type {Map<string, import("./message.js").Part[]>} */
    this.parsed = new Map();
  }

  /**
   * What an event says, as one sentence.
   * @param {Trace} trace
   * @param {Row} row
   */
  event(trace, row) {
    const kind = trace.vocabulary.kinds[row[KIND]];
    const message = this.messages.events[kind.name];
    if (message === undefined) return capital(`${this.machine(trace, row[NODE])}: ${kind.name}`);
    return capital(this.format(message, this.lookup(trace, row)));
  }

  /**
   * Words of the page itself.
   * @param {string} key
   * @param {Object<string, Value>} [values] what the places of the message are filled with
   */
  ui(key, values = {}) {
    const message = this.page[`ui.${key}`] ?? this.page[key];
    if (message === undefined) throw new Error(`the page has no words ${key}`);
    return this.format(message, (name, form) => name in values ? this.value(values[name], form) : undefined);
  }

  /**
   * A kind of event as a heading.
   * @param {string} kind its dotted name
   */
  title(kind) {
    return this.page[`ui.title.${kind}`] ?? kind;
  }

  /**
   * What a check asks.
   * @param {Trace} trace
   * @param {Check} check
   */
  ask(trace, check) {
    return this.say(trace, check, (q) => q.ask);
  }

  /**
   * The check that settled a decision, as a clause; "" if none did.
   * @param {Trace} trace
   * @param {Row} row
   */
  why(trace, row) {
    const check = row[CHECKS].find(([, , deciding]) => deciding);
    return check ? this.say(trace, check, (q) => (check[1] ? q.yes : q.no)) : "";
  }

  /**
   * @param {Trace} trace
   * @param {Check} check
   * @param {(question: Question) => string} pick
   */
  say(trace, [code, , , values], pick) {
    const { name, values: names } = trace.vocabulary.checks[code];
    const question = this.messages.checks[name];
    if (!question) return name;
    return this.format(pick(question), (key, form) => this.argument(names, values, key, form));
  }

  /**
   * What a message on its way is called.
   * @param {Trace} trace
   * @param {Row} row its sending
   * @returns {string} "" if it has no name
   */
  noun(trace, row) {
    const { name, args } = trace.vocabulary.kinds[row[KIND]];
    const noun = this.messages.nouns[name];
    if (noun === undefined) return "";
    return this.format(noun, (key, form) => this.argument(args, row[ARGS], key, form));
  }

  /**
   * How the places of an event's message are filled.
   * @param {Trace} trace
   * @param {Row} row
   * @returns {Lookup}
   */
  lookup(trace, row) {
    const { args } = trace.vocabulary.kinds[row[KIND]];
    return (name, form) => {
      const given = this.argument(args, row[ARGS], name, form);
      if (given !== undefined) return given;
      switch (name) {
        case "node":
          return this.machine(trace, row[NODE]);
        case "peer":
          return this.machine(trace, row[PEER]);
        case "noun":
          return word(this.noun(trace, row), form);
        case "cause":
          return word(this.cause(trace, row), form);
        case "why":
          return word(this.why(trace, row), form);
      }
      return undefined;
    };
  }

  /**
   * @param {Trace} trace
   * @param {Row} row
   */
  cause(trace, row) {
    const cause = trace.at(row[CAUSE]);
    return cause ? this.noun(trace, cause) : "";
  }

  /**
   * @param {string[]} names
   * @param {Value[]} values
   * @param {string} name
   * @param {string} form
   */
  argument(names, values, name, form) {
    const i = names.indexOf(name);
    return i < 0 ? undefined : this.value(values[i], form);
  }

  /**
   * Words a value in one of the forms that messages ask for.
   * @param {Value | undefined} value
   * @param {string} form
   */
  value(value, form) {
    const plain = text(value);
    switch (form) {
      case "list":
        return this.list(plain);
      case "hex":
        return `0x${BigInt.asUintN(64, BigInt(plain)).toString(16)}`;
      case "select":
        return value === null ? "none" : plain || "none";
    }
    return plain;
  }

  /** @param {string} items with commas between them */
  list(items) {
    if (items === "") return this.messages.names.listNone;
    const [first, ...rest] = items.split(",");
    return rest.reduce((left, right, i) => {
      const joint = this.messages.names[i === rest.length - 1 ? "listEnd" : "listMiddle"];
      return joint.replace("{left}", left).replace("{right}", right);
    }, first);
  }

  /**
   * What a machine is called in a sentence.
   * @param {Trace} trace
   * @param {number} id
   */
  machine(trace, id) {
    const { names } = this.messages;
    if (id === WORLD) return names.world;
    const name = trace.header.machines.find((m) => m.id === id)?.name ?? `client ${id - FIRST_CLIENT + 1}`;
    return id >= FIRST_CLIENT ? names.client.replace("{name}", name) : names.server.replace("{id}", String(id));
  }

  /**
   * @param {string} message
   * @param {Lookup} lookup
   */
  format(message, lookup) {
    let parts = this.parsed.get(message);
    if (!parts) this.parsed.set(message, (parts = parse(message)));
    return fill(parts, (name, form) => lookup(name, form) ?? `{${name}}`, (n) => this.plurals.select(n));
  }
}

/**
 * A word that is no value of the trace; "none" where branches compare it and there is none.
 * @param {string} plain
 * @param {string} form
 */
function word(plain, form) {
  return form === "select" ? plain || "none" : plain;
}

/** @param {string} sentence */
function capital(sentence) {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
