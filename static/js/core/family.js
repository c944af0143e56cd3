// @ts-check
// Packet families: which kinds of events are sendings, and how each is drawn. The one list of the
// scripts that knows ZooKeeper's packets; what is not in it is drawn as a plain message.

import { ARGS, KIND, text } from "./row.js";

/** @typedef {import("./row.js").Row} Row */
/** @typedef {import("./vocabulary.js").Vocabulary} Vocabulary */
/** @typedef {"vote" | "sync" | "broadcast" | "client" | "plain"} Family */
/** @typedef {"diamond" | "bar" | "filled" | "double" | "open" | "dot"} Head */
/** @typedef {"dotted" | "solid" | "dashed"} Dash */
/** @typedef {{family: Family, head: Head, dash: Dash, width: number}} Style */

/** @type {Object<string, Style>} */
const byKind = {
  "fle.notification": { family: "vote", head: "diamond", dash: "dotted", width: 1.5 },
  "zab.packet": { family: "sync", head: "bar", dash: "solid", width: 2 },
  "zab.snapshotStream": { family: "sync", head: "bar", dash: "solid", width: 4 },
  "zab.proposal": { family: "broadcast", head: "filled", dash: "solid", width: 1.5 },
  "zab.request": { family: "client", head: "dot", dash: "solid", width: 1.25 },
  "qcm.hello": { family: "plain", head: "dot", dash: "solid", width: 1 },
  "client.connectRequest": { family: "client", head: "dot", dash: "solid", width: 1.25 },
  "client.connectResponse": { family: "client", head: "dot", dash: "solid", width: 1.25 },
  "client.request": { family: "client", head: "dot", dash: "solid", width: 1.25 },
  "client.reply": { family: "client", head: "dot", dash: "solid", width: 1.25 },
  "client.watchEvent": { family: "client", head: "dot", dash: "solid", width: 1.25 },
};

/** @type {Object<string, Style>} */
const byType = {
  ACK: { family: "broadcast", head: "open", dash: "dashed", width: 1.25 },
  ACKEPOCH: { family: "sync", head: "open", dash: "dashed", width: 1.25 },
  COMMIT: { family: "broadcast", head: "double", dash: "solid", width: 1.5 },
  COMMITANDACTIVATE: { family: "broadcast", head: "double", dash: "solid", width: 1.5 },
  SNAP: { family: "sync", head: "bar", dash: "solid", width: 4 },
  PING: { family: "plain", head: "dot", dash: "solid", width: 1 },
  REVALIDATE: { family: "client", head: "dot", dash: "solid", width: 1.25 },
  SYNC: { family: "client", head: "dot", dash: "solid", width: 1.25 },
};

/** @type {Style} */
const plain = { family: "plain", head: "dot", dash: "solid", width: 1 };

/** Styles by number, so that columns of numbers can name them. */
export const styles = [plain, ...Object.values(byKind), ...Object.values(byType)];

const numbers = new Map(styles.map((style, i) => [style, i]));

/**
 * The number of the style of a sending in styles, -1 if the event sends nothing.
 * @param {Vocabulary} vocabulary
 * @param {Row} row
 */
export function styleOf(vocabulary, row) {
  const style = byKind[vocabulary.kinds[row[KIND]].name];
  if (!style) return -1;
  const type = row[ARGS][0];
  return numbers.get((typeof type === "string" && byType[type]) || style) ?? 0;
}

/**
 * The short name of a packet, as its plate shows it.
 * @param {Vocabulary} vocabulary
 * @param {Row} row
 */
export function plateOf(vocabulary, row) {
  const { name, args } = vocabulary.kinds[row[KIND]];
  const first = text(row[ARGS][0]);
  if (args[0] === "type") return first;
  if (args[0] === "op") return name === "client.reply" ? `${first} reply` : first;
  return name === "fle.notification" ? `vote ${text(row[ARGS][1])}` : name.split(".")[1];
}

/**
 * Whether the event is a ping, which nobody wants to see until asked for.
 * @param {Row} row
 */
export function isPing(row) {
  const first = row[ARGS][0];
  return first === "PING" || first === "ping";
}
