// @ts-check
// Keys of the whole page. They do nothing while something is typed, and leave a focused control the
// keys that it uses itself. The list of keys in the help is made of the same table.

const SPEEDS = ["0.001", "0.005", "0.02", "0.05", "0.1", "1"];
const SWITCH = "zabscope.letters";

/** What keys do that only look, and do nothing to a run: all that there are in another site's frame. */
export const watching = ["play", "event", "decision", "server", "ends", "page", "cause", "speed", "auto", "zoom", "select",
  "find", "escape", "again", "states"];

/** @typedef {import("../core/store.js").Store} Store */
/**
 * @typedef {{store: Store, transport: import("./transport.js").Transport,
 *   actions: import("./actions.js").Actions, timeline: import("./timeline.js").Timeline,
 *   narrator: import("./narrator.js").Narrator, finder: import("./finder.js").Finder,
 *   presenter: import("./presenter.js").Presenter, help: {toggle: (show?: boolean) => boolean},
 *   branches: import("./branches.js").Branches, share: {toggle: (show?: boolean) => boolean},
 *   inspect: () => void}} Parts
 */
/** Keys with one effect; does names it in the catalogue. @typedef {{shown: string[], does: string,
 *   acts: Object<string, () => void>}} Binding */

/**
 * Listens to the keyboard.
 * @param {Binding[]} bindings
 */
export function listen(bindings) {
  /** @type {Map<string, () => void>} */
  const acts = new Map(bindings.flatMap((b) => Object.entries(b.acts)));
  document.addEventListener("keydown", (e) => {
    if (e.defaultPrevented || e.altKey || e.metaKey || usesKey(e)) return;
    const act = acts.get(nameOf(e));
    if (!act || (!lettersOn() && /^[a-z]$/i.test(e.key))) return;
    e.preventDefault();
    act();
  });
}

/** Whether keys that are letters do something. */
export function lettersOn() {
  return localStorage.getItem(SWITCH) !== "off";
}

/** @param {boolean} on */
export function switchLetters(on) {
  localStorage.setItem(SWITCH, on ? "on" : "off");
}

/**
 * Shift counts only where it does not make another character.
 * @param {KeyboardEvent} e
 */
function nameOf(e) {
  const shift = e.shiftKey && e.key.length > 1 ? "Shift+" : "";
  return `${e.ctrlKey ? "Ctrl+" : ""}${shift}${e.key}`;
}

/**
 * Whether the key belongs to what has the focus.
 * @param {KeyboardEvent} e
 */
function usesKey(e) {
  const target = e.target instanceof Element ? e.target : document.body;
  if (e.key === "Escape") return false;
  if (target instanceof HTMLInputElement && target.type === "checkbox") return e.key === " ";
  if (target instanceof HTMLInputElement && target.type !== "range") return true;
  if (target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement) return true;
  if (e.key === " " || e.key === "Enter") return target.closest("button, a, [role=option], [role=gridcell]") !== null;
  if (!/^(Page|Home|End)/.test(e.key) || target === document.body) return false;
  return target.scrollHeight > target.clientHeight + 1 && getComputedStyle(target).overflowY !== "visible";
}

/**
 * All keys of the page.
 * @param {Parts} parts
 * @returns {Binding[]}
 */
export function bindings(parts) {
  return [...moving(parts), ...pacing(parts), ...doing(parts), ...looking(parts), ...listening(parts)];
}

/** @param {Parts} parts @returns {Binding[]} */
function moving({ store, transport }) {
  const own = () => ({ machine: store.machine });
  return [
    { shown: ["Space", "."], does: "play", acts: { " ": () => transport.play(), ".": () => transport.play() } },
    { shown: ["→", "←"], does: "event",
      acts: { ArrowRight: () => transport.on({}, "event"), ArrowLeft: () => transport.back({}) } },
    { shown: ["Shift →", "Shift ←"], does: "decision", acts: {
      "Shift+ArrowRight": () => transport.on({ decision: true }, "decision"),
      "Shift+ArrowLeft": () => transport.back({ decision: true }) } },
    { shown: ["Ctrl →", "Ctrl ←"], does: "server", acts: {
      "Ctrl+ArrowRight": () => transport.on(own(), "event"), "Ctrl+ArrowLeft": () => transport.back(own()) } },
    { shown: ["Home", "End"], does: "ends", acts: { Home: () => store.select(1), End: () => store.follow() } },
    { shown: ["PgDn", "PgUp"], does: "page", acts: {
      PageDown: () => transport.on({ decision: true }, "decision"), PageUp: () => transport.back({ decision: true }) } },
    { shown: [",", ";"], does: "cause", acts: {
      ",": () => goTo(store, store.event?.[5] ?? 0), ";": () => goTo(store, store.trace.effects(store.cursor)[0] ?? 0) } },
  ];
}

/** @param {Parts} parts @returns {Binding[]} */
function pacing({ store, transport, timeline }) {
  const speed = (/** @type {string} */ s) => transport.ask({ head: `speed ${s}` });
  return [
    { shown: ["[", "]"], does: "speed", acts: {
      "[": () => speed(nextSpeed(store.head.speed, -1)), "]": () => speed(nextSpeed(store.head.speed, 1)) } },
    { shown: ["\\"], does: "auto", acts: { "\\": () => speed("auto") } },
    { shown: ["+", "−"], does: "zoom", acts: { "+": () => timeline.zoomBy(1.5), "-": () => timeline.zoomBy(1 / 1.5) } },
  ];
}

/** @param {Parts} parts @returns {Binding[]} */
function doing({ store, actions, branches }) {
  /** @type {Object<string, () => void>} */
  const select = {};
  for (const { id } of store.trace.header.machines) {
    if (id >= 1 && id <= 9) select[id] = () => store.selectServer(store.server === id ? 0 : id);
  }
  const verb = (/** @type {string} */ name) => () => actions.verb(name);
  return [
    { shown: ["1 … 9"], does: "select", acts: select },
    { shown: ["x"], does: "kill", acts: { x: verb("kill") } },
    { shown: ["r"], does: "restart", acts: { r: verb("start") } },
    { shown: ["z"], does: "freeze", acts: { z: verb("freeze") } },
    { shown: ["c"], does: "cut", acts: { c: verb("cut") } },
    { shown: ["h"], does: "heal", acts: { h: verb("heal") } },
    { shown: ["w"], does: "write", acts: { w: () => actions.focusClient() } },
    { shown: ["v"], does: "deliver", acts: { v: () => actions.packet("arrive") } },
    { shown: ["d"], does: "drop", acts: { d: () => actions.packet("vanish") } },
    ...(branches.deeds.possible ? [
      { shown: ["f"], does: "fork", acts: { f: () => branches.fork() } },
      { shown: ["u"], does: "undo", acts: { u: () => branches.undo() } },
    ] : []),
  ];
}

/** @param {Parts} parts @returns {Binding[]} */
function looking({ store, finder, transport, presenter, help, share, inspect }) {
  return [
    { shown: ["Enter"], does: "inspect", acts: { Enter: inspect } },
    { shown: ["g", "/"], does: "find", acts: { g: () => finder.open(), "/": () => finder.open() } },
    { shown: ["m"], does: "mark", acts: { m: () => transport.mark() } },
    { shown: ["S"], does: "share", acts: { S: () => share.toggle() } },
    { shown: ["P"], does: "present", acts: { P: () => presenter.toggle() } },
    { shown: ["?"], does: "help", acts: { "?": () => help.toggle() } },
    { shown: ["Esc"], does: "escape", acts: { Escape: () => escape(store, finder, presenter, [help, share]) } },
  ];
}

/** @param {Parts} parts @returns {Binding[]} */
function listening({ narrator }) {
  return [
    { shown: ["a"], does: "again", acts: { a: () => narrator.repeat() } },
    { shown: ["s"], does: "states", acts: { s: () => narrator.states() } },
  ];
}

/**
 * Leaves what was entered last.
 * @param {Store} store
 * @param {Parts["finder"]} finder
 * @param {Parts["presenter"]} presenter
 * @param {Parts["help"][]} asides
 */
function escape(store, finder, presenter, asides) {
  if (finder.close() || asides.some((aside) => aside.toggle(false))) return;
  if (presenter.leave()) return;
  if (store.server) store.selectServer(0);
  else if (!store.following) store.follow();
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
