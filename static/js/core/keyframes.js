// @ts-check
// Worlds kept along a trace, from which any other is soon folded. What has not changed from one to
// the next is kept once.

import { upperBound } from "./columns.js";
import { DROP, PUT, RESET, SET, State, World } from "./fold.js";
import { keyOf } from "./row.js";

/** @typedef {import("./row.js").Op} Op */
/** @typedef {import("./row.js").Value} Value */
/** @typedef {import("./fold.js").Entry} Entry */
/** @typedef {Map<string, Entry>} Entries */

/**
 * Entries that have changed since a base. One that is new goes to the end, as in a Map; one that is
 * gone has no entry.
 * @typedef {Map<string, {entry?: Entry, isNew: boolean}>} Changes
 */
/** @typedef {{base: Entries, changes: Changes}} KeptMap */
/** @typedef {{values: Value[][], length: number}} KeptList */
/**
 * @typedef {{scalars: Map<number, Value[]>, lists: Map<number, KeptList>,
 *   maps: Map<number, KeptMap>}} KeptState
 */

const LEAST = 2048; // events between two kept worlds, at least
const MOST = 16384; // events that a step may have to fold again, at most
const PER_EVENT = 16; // bytes of kept worlds that an event may cost
const ENTRY = 56; // bytes that an entry of a map costs in a copy, about
const SLACK = 64; // changes of a map from which on a new base may pay

/** What has changed in one machine since its state was kept last. */
class Track {
  constructor() {
    this.touched = true;
    this.rescaled = true; // whether a scalar has changed
    /** @type {Map<number, Layer>} */
    this.layers = new Map();
    /** @type {KeptState | undefined} */
    this.kept = undefined;
  }
}

/** What has changed in one map since its base. */
class Layer {
  /** @param {Entries} base a copy */
  constructor(base) {
    this.base = base;
    /** @type {Changes} */
    this.changes = new Map();
    /** @type {KeptMap | undefined} what was kept last, if that still holds */
    this.kept = undefined;
  }

  /**
   * @param {string} key
   * @param {Entry | undefined} entry
   * @param {boolean} isNew
   */
  change(key, entry, isNew) {
    this.kept = undefined;
    if (isNew || !entry) this.changes.delete(key);
    if (!entry && !this.base.has(key)) return;
    this.changes.set(key, { entry, isNew: isNew || this.changes.get(key)?.isNew === true });
  }
}

/** Keeps copies of a world that grows, as often as memory allows. */
export class Keyframes {
  /** @param {World} head the world that grows, empty as yet */
  constructor(head) {
    this.head = head;
    /** @type {number[]} numbers of the events after which a world was kept */
    this.seqs = [0];
    /** @type {Map<number, KeptState>[]} */
    this.worlds = [new Map()];
    /** @type {Map<number, Track>} */
    this.tracks = new Map();
  }

  /**
   * Notes what an event changes.
   * @param {number} id
   * @param {Op[]} ops
   */
  note(id, ops) {
    if (ops.length === 0) return;
    let track = this.tracks.get(id);
    if (!track) this.tracks.set(id, (track = new Track()));
    track.touched = true;
    for (const [code, field, key, values] of ops) {
      if (code === SET) track.rescaled = true;
      else if (code === PUT) this.put(id, track, field, { key, values });
      else if (code === DROP) this.drop(track, field, key);
      else if (code === RESET) this.reset(track);
    }
  }

  /**
   * @param {number} id
   * @param {Track} track
   * @param {number} field
   * @param {Entry} entry
   */
  put(id, track, field, entry) {
    let layer = track.layers.get(field);
    if (!layer) track.layers.set(field, (layer = new Layer(new Map())));
    const key = keyOf(entry.key);
    const changed = layer.changes.get(key);
    const isThere = changed ? changed.entry !== undefined : layer.base.has(key);
    layer.change(key, entry, !isThere);
  }

  /**
   * @param {Track} track
   * @param {number} field
   * @param {Value} key
   */
  drop(track, field, key) {
    if (key === null) track.layers.delete(field);
    else track.layers.get(field)?.change(keyOf(key), undefined, false);
  }

  /** @param {Track} track */
  reset(track) {
    track.rescaled = true;
    this.head.fields.forEach((info, field) => {
      if (!info.survives) track.layers.delete(field);
    });
  }

  /** Keeps the head as it is now, if that is due. */
  keepIfDue() {
    const since = this.head.seq - this.seqs[this.seqs.length - 1];
    if (since < LEAST || since % 256 > 0) return;
    if (since < MOST && this.cost() > PER_EVENT * since) return;
    this.seqs.push(this.head.seq);
    this.worlds.push(this.keep());
  }

  /** The bytes that keeping the head now would take, about. */
  cost() {
    let entries = 0;
    for (const [id, track] of this.tracks) {
      if (!track.touched) continue;
      entries += 4 + this.head.state(id).scalars.size;
      for (const { kept, changes } of track.layers.values()) entries += kept ? 1 : 2 + changes.size;
    }
    return entries * ENTRY;
  }

  keep() {
    /** @type {Map<number, KeptState>} */
    const world = new Map();
    for (const [id, track] of this.tracks) {
      if (track.touched || !track.kept) track.kept = this.keepState(this.head.state(id), track);
      track.touched = track.rescaled = false;
      world.set(id, track.kept);
    }
    return world;
  }

  /**
   * @param {State} state
   * @param {Track} track
   * @returns {KeptState}
   */
  keepState(state, track) {
    const { kept } = track;
    /** @type {KeptState} */
    const out = {
      scalars: kept && !track.rescaled ? kept.scalars : new Map(state.scalars),
      lists: new Map(), maps: new Map(),
    };
    for (const [field, values] of state.lists) out.lists.set(field, { values, length: values.length });
    for (const [field, layer] of track.layers) {
      layer.kept ??= keepMap(layer, /** @type {Entries} */ (state.maps.get(field)));
      out.maps.set(field, layer.kept);
    }
    return out;
  }

  /**
   * The last world kept after event seq or before, as one that may be folded on.
   * @param {number} seq
   */
  restore(seq) {
    const i = this.indexOf(seq);
    const world = new World(this.head.fields);
    world.seq = this.seqs[i];
    for (const [id, kept] of this.worlds[i]) world.states.set(id, restoreState(kept));
    return world;
  }

  /**
   * The number of the event of the last world kept after event seq or before.
   * @param {number} seq
   */
  lastBefore(seq) {
    return this.seqs[this.indexOf(seq)];
  }

  /** @param {number} seq */
  indexOf(seq) {
    return upperBound(this.seqs, this.seqs.length, seq) - 1;
  }
}

/**
 * @param {Layer} layer
 * @param {Entries} entries what the map has now
 * @returns {KeptMap}
 */
function keepMap(layer, entries) {
  if (layer.changes.size > SLACK && 2 * layer.changes.size > layer.base.size) {
    layer.base = new Map(entries);
    layer.changes = new Map();
  }
  return { base: layer.base, changes: new Map(layer.changes) };
}

/** @param {KeptState} kept */
function restoreState(kept) {
  const state = new State();
  state.scalars = new Map(kept.scalars);
  for (const [field, { values, length }] of kept.lists) state.lists.set(field, values.slice(0, length));
  for (const [field, map] of kept.maps) state.maps.set(field, restoreMap(map));
  return state;
}

/** @param {KeptMap} kept */
function restoreMap({ base, changes }) {
  const out = new Map(base);
  for (const [key, { entry, isNew }] of changes) {
    if (isNew || !entry) out.delete(key);
    if (entry) out.set(key, entry);
  }
  return out;
}
