// @ts-check
// The connection to a room: it comes back by itself, and goes on where it was.

const FIRST_RETRY = 250; // milliseconds
const LAST_RETRY = 8000;
const NO_RUN = 4404; // the status with which a room that is not there turns viewers away

/**
 * What the owner of a connection wants to hear.
 * @typedef {{
 *   message: (data: any) => void,
 *   status: (up: boolean, retryIn: number, reason: string) => void,
 *   gone?: () => void,
 *   from: () => number,
 * }} Listener
 */

/** @typedef {{id: number, ok: boolean, code?: string, error?: string, lines?: string[]}} Answer */
/** @typedef {{do?: string, head?: string, cli?: string, server?: number}} Command */

/** One connection, and those that replace it. */
export class Socket {
  /**
   * @param {string} url without a query
   * @param {Listener} listener
   * @param {(url: string) => WebSocket} [open]
   */
  constructor(url, listener, open = (u) => new WebSocket(u)) {
    this.url = url;
    this.listener = listener;
    this.open = open;
    this.retry = FIRST_RETRY;
    this.nextID = 1;
    /** @type {Map<number, (answer: Answer) => void>} */
    this.waiting = new Map();
    /** @type {WebSocket | undefined} */
    this.socket = undefined;
    this.timer = 0; // of the next attempt
  }

  /** Connects, asking for what follows the last event known. */
  connect() {
    const socket = this.open(`${this.url}?from=${this.listener.from()}`);
    this.socket = socket;
    socket.onopen = () => this.listener.status(true, 0, "");
    socket.onmessage = (m) => this.receive(JSON.parse(m.data));
    socket.onclose = (c) => (c.code === NO_RUN && this.listener.gone ? this.listener.gone() : this.lost(c.reason));
  }

  /** @param {any} data */
  receive(data) {
    this.retry = FIRST_RETRY;
    const waiting = this.waiting.get(data.id);
    if (!waiting) {
      this.listener.message(data);
      return;
    }
    this.waiting.delete(data.id);
    waiting(data);
  }

  /** @param {string} reason */
  lost(reason) {
    this.socket = undefined;
    for (const [id, answer] of this.waiting) answer({ id, ok: false, code: "lost", error: "The connection was lost." });
    this.waiting.clear();
    this.listener.status(false, this.retry, reason);
    this.timer = setTimeout(() => this.connect(), this.retry);
    this.retry = Math.min(LAST_RETRY, 2 * this.retry);
  }

  /** Tries again without waiting. */
  retryNow() {
    if (this.socket) return;
    clearTimeout(this.timer);
    this.connect();
  }

  /**
   * Asks the room for something.
   * @param {Command} command
   * @returns {Promise<Answer>} never rejected
   */
  ask(command) {
    const id = this.nextID++;
    if (this.socket?.readyState !== WebSocket.OPEN) {
      return Promise.resolve({ id, ok: false, code: "unconnected", error: "There is no connection to the room." });
    }
    this.socket.send(JSON.stringify({ id, ...command }));
    return new Promise((answer) => this.waiting.set(id, answer));
  }
}
