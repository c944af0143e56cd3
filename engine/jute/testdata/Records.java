// Prints the bytes of one record of every kind, made by the classes of Apache ZooKeeper itself:
//
//	javac -d classes -cp 'lib/*' Records.java
//	java -cp 'classes:lib/*' Records > records-3.8.0.txt
//
// with zookeeper, zookeeper-jute, slf4j-api, slf4j-nop, metrics-core and snappy-java in lib.
// records_test.go and others hold the same records in Go.
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.*;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.*;
import org.apache.zookeeper.data.*;
import org.apache.zookeeper.proto.*;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.persistence.*;
import org.apache.zookeeper.server.quorum.QuorumPacket;
import org.apache.zookeeper.txn.*;

public class Records {
  static final List<ACL> OPEN = ZooDefs.Ids.OPEN_ACL_UNSAFE;
  static final List<ACL> MIXED =
      List.of(new ACL(1, new Id("ip", "10.0.0.0/8")), new ACL(31, new Id("digest", "bob:x=")));
  static final Stat STAT =
      new Stat(0x100000002L, 0x100000003L, 1000, 2000, 1, 2, 3, 0x100002279260000L, 5, 6, 0x100000004L);
  static final byte[] DATA = {1, 2, (byte) 0xff};
  static final TxnDigest DIGEST = new TxnDigest(2, 0x123456789abcdef0L);

  public static void main(String[] args) throws Exception {
    requests();
    replies();
    txns();
    packets();
    files();
  }

  static void requests() throws Exception {
    request("create", 1, new CreateRequest("/a", DATA, OPEN, 3));
    request("create null data", 1, new CreateRequest("/a", null, MIXED, 0));
    request("create empty data", 1, new CreateRequest("/a\u00e9\u4e2d", new byte[0], OPEN, 1));
    request("create2", 15, new CreateRequest("/a", DATA, OPEN, 0));
    request("createContainer", 19, new CreateRequest("/a", DATA, OPEN, 4));
    request("createTTL", 21, new CreateTTLRequest("/a", DATA, OPEN, 5, 1234567890123L));
    request("delete", 2, new DeleteRequest("/a", -1));
    request("exists", 3, new ExistsRequest("/a", true));
    request("getData", 4, new GetDataRequest("/a", false));
    request("setData", 5, new SetDataRequest("/a", DATA, 7));
    request("getACL", 6, new GetACLRequest("/a"));
    request("setACL", 7, new SetACLRequest("/a", MIXED, 8));
    request("getChildren", 8, new GetChildrenRequest("/a", true));
    request("sync", 9, new SyncRequest("/a"));
    request("ping", 11, null);
    request("getChildren2", 12, new GetChildren2Request("/a", false));
    request("check", 13, new CheckVersionRequest("/a", 9));
    request("reconfig", 16, new ReconfigRequest("server.4=h:1:2;3", null, null, -1));
    request("checkWatches", 17, new CheckWatchesRequest("/a", 3));
    request("removeWatches", 18, new RemoveWatchesRequest("/a", 2));
    request("auth", 100, new AuthPacket(0, "digest", "bob:secret".getBytes()));
    request("setWatches", 101,
        new SetWatches(0x100000005L, List.of("/a", "/b"), List.of(), List.of("/c")));
    request("setWatches2", 105, new SetWatches2(0x100000005L, List.of("/a"), List.of("/b"),
        List.of("/c"), List.of("/d"), List.of("/e")));
    request("sasl", 102, new GetSASLRequest(DATA));
    request("getEphemerals", 103, new GetEphemeralsRequest("/a"));
    request("getAllChildrenNumber", 104, new GetAllChildrenNumberRequest("/a"));
    request("addWatch", 106, new AddWatchRequest("/a", 1));
    request("whoAmI", 107, null);
    request("closeSession", -11, null);
    request("wide", 3, new ExistsRequest("/\ud83d\ude00", true));
    request("multi", 14, new MultiOperationRecord(List.of(
        Op.create("/a", DATA, OPEN, CreateMode.PERSISTENT),
        Op.create("/t", DATA, OPEN, CreateMode.PERSISTENT_WITH_TTL, 99),
        Op.create("/c", DATA, OPEN, CreateMode.CONTAINER), Op.delete("/b", 1),
        Op.setData("/d", DATA, 2), Op.check("/e", 3))));
    request("multiRead", 22,
        new MultiOperationRecord(List.of(Op.getData("/a"), Op.getChildren("/b"))));
    byte[] password = new byte[16];
    password[15] = 9;
    ConnectRequest c = new ConnectRequest(0, 0x100000005L, 6000, 0x100002279260000L, password);
    print("connect request 3.3", frame(c));
    print("connect request", frame(c, Boolean.TRUE));
    ConnectResponse r = new ConnectResponse(0, 6000, 0x100002279260000L, password);
    print("connect response", frame(r, Boolean.FALSE));
  }

  static void replies() throws Exception {
    reply("create", new CreateResponse("/a"));
    reply("create2", new Create2Response("/a", STAT));
    reply("delete", null);
    reply("exists", new ExistsResponse(STAT));
    reply("getData", new GetDataResponse(DATA, STAT));
    reply("setData", new SetDataResponse(STAT));
    reply("getACL", new GetACLResponse(MIXED, STAT));
    reply("setACL", new SetACLResponse(STAT));
    reply("getChildren", new GetChildrenResponse(List.of("a", "b")));
    reply("getChildren2", new GetChildren2Response(List.of("a"), STAT));
    reply("sync", new SyncResponse("/a"));
    reply("reconfig", new GetDataResponse(DATA, STAT));
    reply("sasl", new SetSASLResponse(DATA));
    reply("getEphemerals", new GetEphemeralsResponse(List.of("/a")));
    reply("getAllChildrenNumber", new GetAllChildrenNumberResponse(17));
    reply("addWatch", new ErrorResponse(0));
    reply("whoAmI", new WhoAmIResponse(List.of(new ClientInfo("ip", "10.0.0.1"))));
    print("reply error", frame(new ReplyHeader(3, 0x100000006L, -101)));
    MultiResponse m = new MultiResponse();
    m.add(new OpResult.CreateResult("/a"));
    m.add(new OpResult.CreateResult("/t", STAT));
    m.add(new OpResult.DeleteResult());
    m.add(new OpResult.SetDataResult(STAT));
    m.add(new OpResult.CheckResult());
    reply("multi", m);
    MultiResponse f = new MultiResponse();
    f.add(new OpResult.ErrorResult(0));
    f.add(new OpResult.ErrorResult(-110));
    f.add(new OpResult.ErrorResult(-2));
    reply("multi failed", f);
    MultiResponse g = new MultiResponse();
    g.add(new OpResult.GetDataResult(DATA, STAT));
    g.add(new OpResult.GetChildrenResult(List.of("a", "b")));
    g.add(new OpResult.ErrorResult(-101));
    reply("multiRead", g);
    print("event", frame(new ReplyHeader(-1, -1, 0), new WatcherEvent(3, 3, "/e")));
  }

  static void txns() throws Exception {
    txn("create", 1, new CreateTxn("/a", DATA, OPEN, true, 4));
    txn("create null data", 1, new CreateTxn("/a", null, MIXED, false, 4));
    txn("create old", 1, new CreateTxnV0("/a", DATA, OPEN, true));
    txn("create2", 15, new CreateTxn("/a", DATA, OPEN, false, 4));
    txn("createContainer", 19, new CreateContainerTxn("/a", DATA, OPEN, 4));
    txn("createTTL", 21, new CreateTTLTxn("/a", DATA, OPEN, 4, 1234567890123L));
    txn("delete", 2, new DeleteTxn("/a"));
    txn("deleteContainer", 20, new DeleteTxn("/a"));
    txn("setData", 5, new SetDataTxn("/a", DATA, 7));
    txn("reconfig", 16, new SetDataTxn("/zookeeper/config", DATA, -1));
    txn("setACL", 7, new SetACLTxn("/a", MIXED, 8));
    txn("createSession", -10, new CreateSessionTxn(6000));
    txn("closeSession", -11, new CloseSessionTxn(List.of("/e", "/f")));
    txn("closeSession none", -11, new CloseSessionTxn(List.of()));
    txn("closeSession old", -11, null);
    txn("error", -1, new ErrorTxn(-110));
    txn("multi", 14, new MultiTxn(List.of(
        part(1, new CreateTxn("/a", DATA, OPEN, true, 4)), part(15, new CreateTxn("/b", DATA, OPEN, false, 5)),
        part(2, new DeleteTxn("/c")), part(5, new SetDataTxn("/d", DATA, 2)),
        part(13, new CheckVersionTxn("/e", 3)), part(-1, new ErrorTxn(-2)))));
  }

  static void packets() throws Exception {
    TxnHeader h = new TxnHeader(0x100002279260000L, 5, 0x100000006L, 1795214529690L, 16);
    byte[] t = body(h, new SetDataTxn("/zookeeper/config", DATA, -1), DIGEST);
    ByteArrayOutputStream b = new ByteArrayOutputStream();
    new DataOutputStream(b).writeLong(3);
    b.write(t);
    print("packet INFORMANDACTIVATE", body(new QuorumPacket(19, 0x100000006L, b.toByteArray(), null)));
    print("packet REQUEST with auth", body(new QuorumPacket(1, -1, request(0x100002279260000L),
        List.of(new Id("ip", "127.0.0.1"), new Id("digest", "bob:x=")))));
    print("packet PING to leader", body(new QuorumPacket(5, 0x100000006L,
        body(0x100002279260000L, 6000, 0x100002279260001L, 4000), null)));
    print("packet PING to leader, no touches", body(new QuorumPacket(5, 0x100000006L, new byte[0], null)));
    print("packet PING", body(new QuorumPacket(5, 0x100000006L, null, null)));
  }

  static byte[] request(long session) throws Exception {
    return body(session, 5, 2, new DeleteRequest("/a", -1));
  }

  static void files() throws Exception {
    File dir = Files.createTempDirectory("records").toFile();
    FileTxnLog.setPreallocSize(0);
    FileTxnLog log = new FileTxnLog(dir);
    for (int i = 1; i <= 3; i++) {
      TxnHeader h = new TxnHeader(0x100002279260000L, i, 0x100000000L + i, 1795214529690L + i, 5);
      log.append(h, new SetDataTxn("/a", DATA, i), DIGEST);
    }
    log.commit();
    log.close();
    print("log file", Files.readAllBytes(new File(dir, "log.100000001").toPath()));
    DataTree tree = new DataTree();
    tree.createNode("/a", DATA, MIXED, 0, 1, 0x100000001L, 1000);
    tree.createNode("/a/e", null, OPEN, 0x100002279260000L, 1, 0x100000002L, 2000);
    tree.lastProcessedZxid = 0x100000002L;
    Map<Long, Integer> sessions = new TreeMap<>(Map.of(0x100002279260000L, 6000));
    File snap = new File(dir, "snapshot.100000002");
    new FileSnap(dir).serialize(tree, sessions, snap, false);
    print("snapshot file", Files.readAllBytes(snap.toPath()));
  }

  static Txn part(int type, Record r) throws Exception {
    return new Txn(type, body(r));
  }

  static void request(String name, int type, Record r) throws Exception {
    print("request " + name, r == null ? frame(new RequestHeader(3, type)) : frame(new RequestHeader(3, type), r));
  }

  static void reply(String name, Record r) throws Exception {
    ReplyHeader h = new ReplyHeader(3, 0x100000006L, 0);
    print("reply " + name, r == null ? frame(h) : frame(h, r));
  }

  static void txn(String name, int type, Record r) throws Exception {
    TxnHeader h = new TxnHeader(0x100002279260000L, 5, 0x100000006L, 1795214529690L, type);
    print("txn " + name, r == null ? body(h) : body(h, r));
    if (r != null && !(r instanceof CreateTxnV0)) {
      print("txn " + name + " with digest", body(h, r, DIGEST));
    }
  }

  static byte[] frame(Object... parts) throws Exception {
    byte[] b = body(parts);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new DataOutputStream(out).writeInt(b.length);
    out.write(b);
    return out.toByteArray();
  }

  static byte[] body(Object... parts) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryOutputArchive a = BinaryOutputArchive.getArchive(out);
    for (Object p : parts) {
      if (p instanceof Record) {
        ((Record) p).serialize(a, "");
      } else if (p instanceof Long) {
        a.writeLong((Long) p, "");
      } else if (p instanceof Integer) {
        a.writeInt((Integer) p, "");
      } else {
        a.writeBool((Boolean) p, "");
      }
    }
    return out.toByteArray();
  }

  static void print(String name, byte[] b) {
    StringBuilder s = new StringBuilder(name).append(": ");
    for (byte x : b) {
      s.append(String.format("%02x", x));
    }
    System.out.println(s);
  }
}
