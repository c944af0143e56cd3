// Layouts against the bytes that were recorded on the wires of Apache ZooKeeper 3.8.0.

import { configText, wireOf } from "/js/core/layouts.js";
import { sourceAddress } from "/js/core/sources.js";
import { hexOf, layOut } from "/js/core/wire.js";
import { holds, same } from "./expect.js";

/** A 64-bit number as rows carry a zxid. */
function zxid(number) {
  const n = BigInt(number);
  return n === -1n ? [-1, 0xffffffff] : [Number(n >> 32n), Number(n & 0xffffffffn)];
}

/** The detail of a packet as the engine words it. */
function detailOf({ type, d = {} }) {
  switch (type) {
    case "FOLLOWERINFO":
    case "OBSERVERINFO":
      return `sid ${d.sid}, config version ${d.configVersion.slice(2)}`;
    case "ACKEPOCH":
      return `currentEpoch ${d.currentEpoch}`;
    case "COMMITANDACTIVATE":
      return `designated leader ${d.suggestedLeader}`;
    case "REVALIDATE":
      return `session 0x${BigInt(d.session).toString(16)} ` + (d.valid === undefined ? `timeout ${d.timeout}` : `valid ${d.valid}`);
  }
  return "";
}

/** A recorded message as an event of its sending. */
function sending(r) {
  if (r.kind === "hello") return ["qcm.hello", { sid: r.sid, address: r.addr }];
  if (r.kind === "notification") {
    return ["fle.notification", { state: r.state, leader: `i:${r.leader}`, zxid: zxid(r.zxid), round: r.round, peerEpoch: `i:${r.peerEpoch}` }];
  }
  if (r.type === "REQUEST") return ["zab.request", { op: r.d.type, session: `i:${r.d.session}`, cxid: r.d.cxid }];
  if (r.type === "PROPOSAL" || r.type === "INFORM") return ["zab.proposal", { type: r.type, zxid: zxid(r.zxid), txn: r.d.type }];
  return ["zab.packet", { type: r.type, zxid: zxid(r.zxid), detail: detailOf(r) }];
}

/** Recorded messages; numbers beyond 2^53 are kept as texts. */
async function recorded() {
  const text = await (await fetch("/recorded/traces-3.8.0.jsonl")).text();
  const exact = text.trim().replaceAll(/":(-?\d{16,})/g, '":"$1"');
  return exact.split("\n").map((line) => JSON.parse(line)).filter((r) => ["hello", "notification", "packet"].includes(r.kind));
}

export async function everyRecordedMessageHasTheBytesOfItsLayout() {
  const all = await recorded();
  holds(all.length > 40, `only ${all.length} recorded messages`);
  for (const r of all) {
    const fields = wireOf(...sending(r), { config: r.config ?? r.d?.text });
    const pattern = fields.map(({ bytes }) => (bytes ? hexOf(bytes).replaceAll(" ", "") : "(?:..)*")).join("");
    holds(new RegExp(`^${pattern}$`).test(r.hex), `${r.kind} ${r.type ?? ""}: ${r.hex} is not ${pattern}`);
  }
}

export async function everyTypeOfPacketThatWasRecordedHasALayout() {
  const types = new Set((await recorded()).map((r) => r.type ?? r.kind));
  for (const type of ["hello", "notification", "FOLLOWERINFO", "LEADERINFO", "ACKEPOCH", "NEWLEADER", "DIFF", "TRUNC", "SNAP",
    "UPTODATE", "PROPOSAL", "COMMIT", "ACK", "INFORM", "REQUEST", "REVALIDATE", "SYNC"]) {
    holds(types.has(type), `${type} was not recorded`);
  }
}

export async function theConfigurationOfANewEnsembleIsTheRecordedOne() {
  const first = (await recorded()).find((r) => r.type === "NEWLEADER");
  const servers = [1, 2, 3].map((id) => ({ id, role: "participant" }));
  const hosts = new Map(servers.map(({ id }) => [id, `10.77.0.${id + 1}`]));
  same(configText(hosts, servers), first.d.text);
  hosts.delete(2);
  same(configText(hosts, servers), undefined);
}

export function whatTheTraceDoesNotTellIsAGap() {
  const fields = wireOf("fle.notification", { state: "LOOKING", leader: 1, zxid: [0, 0], round: 1, peerEpoch: 0 }, { config: undefined });
  same(fields.filter(({ bytes }) => !bytes).map(({ name }) => name), ["length", "configuration"]);
  same(wireOf("peer.stateChanged", {}, { config: undefined }), []);
}

export function valuesAreWrittenAsJuteWritesThem() {
  const hex = (type, value) => hexOf(layOut([["x", type, value]])[0].bytes);
  same(hex("int", -1), "ff ff ff ff");
  same(hex("long", [1, 2]), "00 00 00 01 00 00 00 02");
  same(hex("long", [-1, 0xffffffff]), "ff ff ff ff ff ff ff ff");
  same(hex("long", "i:-9223372036854775808"), "80 00 00 00 00 00 00 00");
  same(hex("string", "/é"), "00 00 00 03 2f c3 a9");
  same(hex("string", null), "ff ff ff ff");
  same(hex("boolean", true), "01");
}

export function aSourceIsTheFileOfItsOuterClass() {
  const file = (source) => sourceAddress(source).replace(/.*apache\/zookeeper\//, "");
  same(file("FastLeaderElection.Messenger.WorkerReceiver.run"), "server/quorum/FastLeaderElection.java");
  same(file("ClientCnxn.SendThread.startConnect"), "ClientCnxn.java");
  same(file("FileTxnLog.append"), "server/persistence/FileTxnLog.java");
  same(file("QuorumMaj.toString"), "server/quorum/flexible/QuorumMaj.java");
  same(sourceAddress("NoSuchClass.method"), "");
  holds(sourceAddress("Leader.lead").startsWith("https://github.com/apache/zookeeper/blob/release-3.8.0/"), "the tag");
}
