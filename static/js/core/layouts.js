// @ts-check
// What stands on the wire for each message of ZooKeeper, as far as the trace tells. Each layout lists
// the fields of a message in order (org.apache.zookeeper.server.quorum.QuorumPacket,
// FastLeaderElection.buildMsg, QuorumCnxManager.InitialMessage).

import { layOut, sizeOf } from "./wire.js";
import { text } from "./row.js";

/** @typedef {import("./row.js").Value} Value */
/** @typedef {import("./wire.js").Part} Part */
/** @typedef {Object<string, Value>} Args arguments of an event by name */
/** @typedef {{config: string | undefined}} Context the text of the configuration, if it is known */

const STATES = ["LOOKING", "FOLLOWING", "LEADING", "OBSERVING"];

/** Numbers of packet types. (Leader) @type {Object<string, number>} */
const TYPES = {
  REQUEST: 1, PROPOSAL: 2, ACK: 3, COMMIT: 4, PING: 5, REVALIDATE: 6, SYNC: 7, INFORM: 8,
  COMMITANDACTIVATE: 9, NEWLEADER: 10, FOLLOWERINFO: 11, UPTODATE: 12, DIFF: 13, TRUNC: 14, SNAP: 15,
  OBSERVERINFO: 16, LEADERINFO: 17, ACKEPOCH: 18, INFORMANDACTIVATE: 19,
};

/** Numbers of operations. (ZooDefs.OpCode) @type {Object<string, number>} */
const OPERATIONS = {
  error: -1, createSession: -10, closeSession: -11, create: 1, delete: 2, exists: 3, getData: 4,
  setData: 5, getACL: 6, setACL: 7, getChildren: 8, sync: 9, ping: 11, getChildren2: 12, check: 13,
  multi: 14, create2: 15, reconfig: 16, checkWatches: 17, removeWatches: 18, createContainer: 19,
  deleteContainer: 20, createTTL: 21, multiRead: 22, auth: 100, setWatches: 101, sasl: 102,
  getEphemerals: 103, getAllChildrenNumber: 104, setWatches2: 105, addWatch: 106, whoAmI: 107,
};

const PROTOCOL = 0x10000; // Zab 1.0
const HELLO = -65536n; // QuorumCnxManager.PROTOCOL_VERSION_V1
const NO_ZXID = [-1, 0xffffffff];
/** @type {Part[]} */
const noData = [["data length", "int", -1, "null (-1)"]];

/** What the data of a packet holds, by type. @type {Object<string, (a: Args, c: Context) => Part[]>} */
const datas = {
  FOLLOWERINFO: learnerInfo,
  OBSERVERINFO: learnerInfo,
  LEADERINFO: () => [["data length", "int", 4], ["protocolVersion", "int", PROTOCOL]],
  ACKEPOCH: (a) => [["data length", "int", 4], ["currentEpoch", "int", number(a, /currentEpoch (-?\d+)/)]],
  NEWLEADER: (_, { config }) => config === undefined ? [["configuration", "gap"]] :
    [["data length", "int", sizeOf(config)], ["configuration", "text", config]],
  COMMITANDACTIVATE: (a) => [["data length", "int", 8], ["suggestedLeader", "long", number(a, /leader (\d+)/)]],
  REVALIDATE: revalidate,
  PING: (a) => (text(a.detail) === "" ? noData : [["sessions", "gap"]]),
};

/** @param {Args} a @returns {Part[]} */
function learnerInfo(a) {
  const version = BigInt(`0x${/config version ([0-9a-f]+)/.exec(text(a.detail))?.[1] ?? "0"}`);
  return [["data length", "int", 20], ["serverid", "long", number(a, /sid (\d+)/)],
    ["protocolVersion", "int", PROTOCOL], ["configVersion", "long", version]];
}

/** @param {Args} a @returns {Part[]} */
function revalidate(a) {
  const session = BigInt(/session (0x[0-9a-f]+)/.exec(text(a.detail))?.[1] ?? "0x0");
  const valid = /valid (true|false)/.exec(text(a.detail))?.[1];
  if (valid) return [["data length", "int", 9], ["session", "long", session], ["valid", "boolean", valid === "true"]];
  return [["data length", "int", 12], ["session", "long", session], ["timeout", "int", number(a, /timeout (\d+)/)]];
}

/**
 * @param {Args} a
 * @param {RegExp} pattern with the number as its first group
 */
function number(a, pattern) {
  return Number(pattern.exec(text(a.detail))?.[1] ?? 0);
}

/**
 * @param {string} type
 * @param {Value} zxid
 * @param {Part[]} data
 * @param {Part} [auth] who asks: nobody but for what a client wants done
 * @returns {Part[]}
 */
function packet(type, zxid, data, auth = ["authinfo", "int", -1, "null (-1)"]) {
  return [["type", "int", TYPES[type], `${type} (${TYPES[type]})`], ["zxid", "long", zxid], ...data, auth];
}

/**
 * @param {string} name
 * @param {Value} value name of an operation
 * @returns {Part}
 */
function operation(name, value) {
  const code = OPERATIONS[text(value)];
  return code === undefined ? [name, "gap"] : [name, "int", code, `${text(value)} (${code})`];
}

/** Layouts by kind of event. @type {Object<string, (a: Args, c: Context) => Part[]>} */
const layouts = {
  "zab.packet": (a, c) => packet(text(a.type), a.zxid, datas[text(a.type)]?.(a, c) ?? noData),
  "zab.proposal": (a) => packet(text(a.type), a.zxid, [["data length", "gap"], ["clientId", "gap"], ["cxid", "gap"],
    ["txn zxid", "long", a.zxid], ["time", "gap"], operation("txn type", a.txn), ["txn", "gap"],
    ["digest", "gap"]]),
  "zab.request": (a) => packet("REQUEST", /** @type {Value} */ (NO_ZXID), [["data length", "gap"],
    ["sessionId", "long", a.session], ["cxid", "int", a.cxid], operation("type", a.op), ["request", "gap"]],
    text(a.op) === "createSession" ? ["authinfo", "int", -1, "null (-1)"] : ["authinfo", "gap"]),
  "fle.notification": notification,
  "qcm.hello": (a) => [["version", "long", HELLO], ["sid", "long", a.sid],
    ["address length", "int", sizeOf(text(a.address))], ["address", "text", a.address]],
  "client.connectRequest": (a) => [["length", "int", 45], ["protocolVersion", "int", 0], ["lastZxidSeen", "long", a.lastZxid],
    ["timeOut", "int", a.timeout], ["sessionId", "long", a.session], ["passwd", "gap"], ["readOnly", "boolean", false]],
};

/**
 * @param {Args} a
 * @param {Context} context
 * @returns {Part[]}
 */
function notification(a, { config }) {
  /** @type {Part[]} */
  const vote = [["state", "int", STATES.indexOf(text(a.state)), `${text(a.state)} (${STATES.indexOf(text(a.state))})`], ["leader", "long", a.leader], ["zxid", "long", a.zxid],
    ["electionEpoch", "long", a.round], ["peerEpoch", "long", a.peerEpoch], ["version", "int", 2]];
  if (config === undefined) return [["length", "gap"], ...vote, ["configuration", "gap"]];
  const size = sizeOf(config);
  return [["length", "int", 44 + size], ...vote, ["configuration length", "int", size], ["configuration", "text", config]];
}

/**
 * The bytes of a message.
 * @param {string} kind of the event of its sending
 * @param {Args} args
 * @param {Context} context
 * @returns {import("./wire.js").Field[]} empty for a message whose layout is not known
 */
export function wireOf(kind, args, context) {
  const layout = layouts[kind];
  return layout ? layOut(layout(args, context)) : [];
}

/**
 * The text of a configuration that was never changed, as the servers write it. (QuorumMaj.toString)
 * @param {Map<number, string>} hosts of all servers, by id
 * @param {{id: number, role: string}[]} servers
 * @returns {string | undefined} undefined while the address of one is unknown
 */
export function configText(hosts, servers) {
  if (servers.some(({ id }) => !hosts.has(id))) return undefined;
  const lines = servers.map(({ id, role }) => {
    const host = hosts.get(id);
    return `server.${id}=${host}:2888:3888:${role};${host}:2181`;
  });
  return [...lines, "version=0"].join("\n");
}

