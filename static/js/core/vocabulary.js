// @ts-check
// The names of everything a trace speaks of, as its header lists them.

/** @typedef {{name: string, args: string[], depth: number, source: string}} KindInfo */
/** @typedef {{name: string, shape: number, columns: string[], survives: boolean}} FieldInfo */
/** @typedef {{name: string, values: string[]}} CheckInfo */
/** @typedef {{id: number, name: string, role: string}} Machine */

/**
 * What the server says first.
 * @typedef {{protocol: number, engine: string, room?: string, run: string, seed: string, speaks: string,
 *   options: Object<string, unknown>, config?: Object<string, unknown>, machines: Machine[],
 *   kinds: KindInfo[], fields: FieldInfo[], checks: CheckInfo[], timers: string[]}} Header
 */

// How closely one must look to want an event, coarse to fine.
export const DECISIONS = 0;
export const PACKETS = 1;
export const EVERYTHING = 2;
export const HIDDEN = 3;

// Ids of machines: the world itself, and where clients begin.
export const WORLD = 0;
export const FIRST_CLIENT = 1001;

/**
 * What a machine is called where there is little room: servers by their id, clients as c1, c2.
 * @param {number} id
 */
export function shortName(id) {
  return id >= FIRST_CLIENT ? `c${id - FIRST_CLIENT + 1}` : String(id);
}

/** Looks names up in a header. */
export class Vocabulary {
  /** @param {Header} header */
  constructor(header) {
    this.kinds = header.kinds;
    this.fields = header.fields;
    this.checks = header.checks;
    /** @type {Map<string, number>} */
    this.kindCodes = new Map(header.kinds.map((k, i) => [k.name, i]));
    /** @type {Map<string, number>} */
    this.fieldCodes = new Map(header.fields.map((f, i) => [f.name, i]));
  }

  /**
   * The code of a kind, -1 if this protocol has none of that name.
   * @param {string} name
   */
  kind(name) {
    return this.kindCodes.get(name) ?? -1;
  }

  /**
   * The code of a field, -1 if this protocol has none of that name.
   * @param {string} name
   */
  field(name) {
    return this.fieldCodes.get(name) ?? -1;
  }
}
