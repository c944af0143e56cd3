// Package quorum decides which sets of servers may act for the ensemble: majorities, weighted
// groups, and several configurations at once while one is being replaced by another.
//
// Reading order: verifier.go (Verifier, Majority, Hierarchical), tracker.go (SyncedLearnerTracker).
package quorum
