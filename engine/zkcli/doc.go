// Package zkcli is the command line that comes with ZooKeeper, zkCli.sh of release 3.8.0, without
// its connection: it turns a line that somebody types into the requests of one client, and what the
// servers answer into the lines that zkCli would print.
//
// A Command is a small program. Whoever runs it asks Next for a request, carries it out over a
// session, and gives the result to the following call; most commands need one request, deleteall,
// ls -R and setAcl -R as many as there are nodes. Output is what was printed so far.
//
//	c, err := zkcli.Parse("ls -R /")
//	for q := c.Next(nil); q != nil; q = c.Next(&result) {
//		result = ask(q)
//	}
//	c.Output()
//
// Left out are the commands about the shell itself (connect, history, redo, quit ...), quotas,
// persistent watches and reconfig; Parse says so. Everything else is as zkCli has it, also where
// that is odd; its options are read the way Apache Commons CLI reads them.
//
// Reading order: command.go (Command, and how it runs), parse.go (a line into words, words into a
// command), options.go (words that begin with a dash), reads.go, writes.go and walk.go (the
// commands), acl.go and path.go (what they are given), print.go (what they print), status.go (the
// other script, zkServer.sh).
package zkcli
