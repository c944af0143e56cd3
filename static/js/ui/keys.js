// @ts-check
// Keys of the whole page. They do nothing while something is typed, and leave a focused control the
// keys that it uses itself.

const SPEEDS = ["0.001", "0.005", "0.02", "0.05", "0.1", "1"];

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {{store: Store, transport: import("./transport.js").Transport,
 *   actions: import("./actions.js").Actions, timeline: import("./timeline.js").Timeline}} Parts */

/**
 * Listens to the keyboard.
 * @param {Parts} parts
 */
export function listen(parts) {
  document.addEventListener("keydown", (e) => {
    if (e.defaultPrevented || e.altKey || e.metaKey || usesKey(e)) return;
    const act = keys(parts, e)[e.key];
    if (!act) return;
    e.preventDefault();
    act();
  });
}

/**
 * Whether the key belongs to what has the focus.
 * @param {KeyboardEvent} e
 */
function usesKey(e) {
  const target = e.target instanceof Element ? e.target : document.body;
  if (target instanceof HTMLInputElement && target.type !== "range") return true;
  if (target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement) return true;
  if (e.key === " " || e.key === "Enter") return target instanceof HTMLButtonElement;
  if (!e.key.startsWith("Arrow")) return false;
  return target.scrollWidth > target.clientWidth && target.getAttribute("data-part") === "logs";
}

/**
 * What each key does now.
 * @param {Parts} parts
 * @param {KeyboardEvent} e
 * @returns {Object<string, () => void>}
 */
function keys({ store, transport, actions, timeline }, e) {
  const which = e.shiftKey ? { decision: true } : e.ctrlKey ? { machine: store.machine } : {};
  const step = e.shiftKey ? "decision" : "event";
  /** @type {Object<string, () => void>} */
  const table = {
    ArrowLeft: () => transport.back(which),
    ArrowRight: () => transport.on(which, step),
  };
  if (e.ctrlKey) return table;
  Object.assign(table, {
    " ": () => transport.play(),
    ".": () => transport.play(),
    Home: () => store.select(1),
    End: () => store.follow(),
    Escape: () => (store.server ? store.selectServer(0) : store.follow()),
    x: () => actions.verb("kill"),
    r: () => actions.verb("start"),
    z: () => actions.verb("freeze"),
    w: () => actions.focusClient(),
    h: () => actions.run("heal"),
    ",": () => goTo(store, store.event?.[5] ?? 0),
    ";": () => goTo(store, store.trace.effects(store.cursor)[0] ?? 0),
    "+": () => timeline.zoomBy(1.5),
    "-": () => timeline.zoomBy(1 / 1.5),
    "[": () => transport.ask({ head: `speed ${nextSpeed(store.head.speed, -1)}` }),
    "]": () => transport.ask({ head: `speed ${nextSpeed(store.head.speed, 1)}` }),
    "\\": () => transport.ask({ head: "speed auto" }),
  });
  for (const m of store.trace.header.machines) {
    if (m.id >= 1 && m.id <= 9) table[m.id] = () => store.selectServer(store.server === m.id ? 0 : m.id);
  }
  return table;
}

/**
 * @param {Store} store
 * @param {number} seq
 */
function goTo(store, seq) {
  if (seq > 0) store.select(seq);
}

/**
 * @param {string} speed
 * @param {1 | -1} step
 */
export function nextSpeed(speed, step) {
  const at = SPEEDS.indexOf(speed === "auto" ? "0.02" : speed);
  return SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at + step))];
}
