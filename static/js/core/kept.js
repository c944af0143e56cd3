// @ts-check
// What this browser remembers of runs: the request that made each, and what was done to it. From that
// a server that has forgotten the run makes it again, to the byte.

const PREFIX = "zabscope.run.";
const MOST = 20; // runs remembered

/**
 * A run as POST /api/runs takes it; until is virtual nanoseconds, saved is milliseconds since 1970. Of a
 * branch after is the event it begins behind, instead of until, and from the run that it comes from.
 * @typedef {{config: Object<string, unknown>, actions: Object<string, unknown>[], until: number, saved: number,
 *   after?: number, from?: string}} Kept
 */

/**
 * Remembers a run; the oldest make way.
 * @param {string} id
 * @param {Kept} run
 * @param {Storage} [storage]
 */
export function keep(id, run, storage = localStorage) {
  try {
    storage.setItem(PREFIX + id, JSON.stringify(run));
    for (const key of keys(storage).slice(0, -MOST)) storage.removeItem(key);
  } catch {
    // A browser without space, or without storage, remembers nothing.
  }
}

/**
 * What is remembered of a run.
 * @param {string} id
 * @param {Storage} [storage]
 * @returns {Kept | undefined}
 */
export function recall(id, storage = localStorage) {
  const text = storage.getItem(PREFIX + id);
  return text === null ? undefined : JSON.parse(text);
}

/**
 * The keys of all runs, oldest first.
 * @param {Storage} storage
 */
function keys(storage) {
  const saved = (/** @type {string} */ key) => JSON.parse(storage.getItem(key) ?? "{}").saved ?? 0;
  return Object.keys(storage).filter((key) => key.startsWith(PREFIX)).sort((a, b) => saved(a) - saved(b));
}

/**
 * Asks the server for a run that goes on where a remembered one was.
 * @param {Kept} run
 * @param {typeof fetch} [ask]
 * @returns {Promise<{page?: string, error?: string}>} the address of its page, or what is wrong
 */
export async function replay(run, ask = fetch) {
  const { config, actions, until, after, from } = run;
  const body = JSON.stringify({ ...config, actions, ...(after ? { after, from } : { until }) });
  try {
    const response = await ask("/api/runs", { method: "POST", headers: { "Content-Type": "application/json" }, body });
    const answer = await response.json();
    return response.ok ? { page: answer.page } : { error: answer.error.message };
  } catch (e) {
    return { error: String(e) };
  }
}
