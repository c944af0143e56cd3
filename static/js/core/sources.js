// @ts-check
// Where ZooKeeper's own source stands on the web, by the names that events give: Class.method, or
// Class.Inner.method for an inner class, which lives in the file of the outer one.

const TREE = "https://github.com/apache/zookeeper/blob/release-3.8.0/zookeeper-server/src/main/java/org/apache/zookeeper/";

/** Classes by the folder of their package. @type {Object<string, string>} */
const packages = {
  "": "ClientCnxn ClientCnxnSocketNIO ZooKeeper ZooKeeperMain",
  "server/": "ContainerManager DataTree ExpiryQueue FinalRequestProcessor NIOServerCnxn " +
    "PrepRequestProcessor RequestThrottler ServerCnxn SessionTrackerImpl SyncRequestProcessor " +
    "ZKDatabase ZooKeeperServer ZooKeeperServerMain",
  "server/watch/": "WatchManager",
  "server/persistence/": "FilePadding FileSnap FileTxnLog FileTxnSnapLog",
  "server/quorum/flexible/": "QuorumHierarchical QuorumMaj QuorumVerifier",
  "server/quorum/": "AckRequestProcessor CommitProcessor FastLeaderElection Follower FollowerRequestProcessor " +
    "FollowerZooKeeperServer Leader LeaderSessionTracker LeaderZooKeeperServer Learner LearnerHandler " +
    "LearnerSessionTracker LearnerZooKeeperServer Observer ObserverRequestProcessor " +
    "ObserverZooKeeperServer ProposalRequestProcessor QuorumCnxManager QuorumPeer QuorumPeerConfig " +
    "QuorumPeerMain ReadOnlyZooKeeperServer SendAckRequestProcessor SyncedLearnerTracker Vote",
};

/** @type {Map<string, string>} */
const folders = new Map(Object.entries(packages).flatMap(([folder, names]) =>
  names.split(" ").map((name) => /** @type {[string, string]} */ ([name, folder]))));

/**
 * The address of the file that holds a method.
 * @param {string} source "Leader.processAck"
 * @returns {string} "" for a class that ZooKeeper 3.8.0 does not have
 */
export function sourceAddress(source) {
  const name = source.split(".")[0];
  const folder = folders.get(name);
  return folder === undefined ? "" : `${TREE}${folder}${name}.java`;
}
