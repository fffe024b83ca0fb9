import { describe, expect, it } from "vitest";
import { beginQuorumEpoch, brokerRegistration, type Files, uuid, vote, zeroUuid } from "#core";
import { metadataTopic } from "../../core/foundation/ids.ts";
import { errorCode } from "../../core/wire/errors.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { watchedFiles } from "../support/watched-files.ts";
import {
  answerVotes,
  askVote,
  begin,
  elect,
  fetchAs,
  type QuorumNode,
  quorumNode,
  standing,
} from "../support/quorum-node.ts";

const again = (files: Files): QuorumNode => quorumNode(files);

describe("a voter", () => {
  it("gives one vote in an epoch, and the same one again", () => {
    const voter = quorumNode();
    expect(askVote(voter, { candidate: 102 })).toEqual({ error: "NONE", granted: true });
    expect(askVote(voter, { candidate: 103 })).toEqual({ error: "NONE", granted: false });
    expect(askVote(voter, { candidate: 102 })).toEqual({ error: "NONE", granted: true });
    expect(askVote(voter, { candidate: 103, epoch: 2 })).toEqual({ error: "NONE", granted: true });
  });

  it("remembers its vote and its epoch over a crash: both were on its platter before the answer", () => {
    const files = memoryFiles();
    const synced: string[] = [];
    const watched: Files = { ...files, fsyncFolder: (folder) => void synced.push(folder) };
    const voter = quorumNode(watched);
    synced.length = 0;
    askVote(voter, { candidate: 102, epoch: 5 });
    expect(synced).toContain("__cluster_metadata-0");
    const next = again(files);
    expect(standing(next)).toMatchObject({ epoch: 5, voted: 102 });
    expect(askVote(next, { candidate: 103, epoch: 5 }).granted).toBe(false);
    expect(askVote(next, { candidate: 102, epoch: 5 }).granted).toBe(true);
  });

  it("remembers also the vote that it gave while it asked for others' itself", () => {
    const files = memoryFiles();
    const voter = quorumNode(files);
    begin(voter, 999, 4);
    voter.node.advance(2000);
    expect(standing(voter)).toMatchObject({ role: "prospective", epoch: 4 });
    expect(askVote(voter, { candidate: 102, epoch: 4 }).granted).toBe(true);
    expect(standing(again(files))).toMatchObject({ epoch: 4, voted: 102 });
  });

  it("refuses a log that is shorter than its own, by epoch before by offset", () => {
    const voter = quorumNode();
    elect(voter);
    const { epoch } = standing(voter);
    const log = voter.node.state.log;
    const own = { end: log?.end ?? 0, lastEpoch: epoch };
    expect(askVote(voter, { epoch: epoch + 1, ...own, end: own.end - 1 }).granted).toBe(false);
    const longer = { end: own.end + 9, lastEpoch: epoch - 1 };
    expect(askVote(voter, { epoch: epoch + 1, ...longer }).granted).toBe(false);
    expect(askVote(voter, { epoch: epoch + 1, ...own }).granted).toBe(true);
  });

  it("follows nobody back: an earlier epoch is fenced", () => {
    const voter = quorumNode();
    askVote(voter, { epoch: 4 });
    expect(askVote(voter, { epoch: 3 }).error).toBe("FENCED_LEADER_EPOCH");
    expect(begin(voter, 103, 3)).toBe("FENCED_LEADER_EPOCH");
    expect(standing(voter).epoch).toBe(4);
  });

  it("follows no stranger, but takes the epoch for taken", () => {
    const voter = quorumNode();
    begin(voter, 999, 4);
    expect(standing(voter)).toMatchObject({ role: "unattached", leader: -1, epoch: 4 });
  });

  it("that was about to stand keeps its time when it hears of a later epoch, one that led draws another", () => {
    const voter = quorumNode();
    const time = (): unknown => {
      const { role } = voter.node.state.quorum;
      return "electionAt" in role ? role.electionAt : undefined;
    };
    const first = time();
    voter.node.advance(300);
    begin(voter, 999, 4);
    expect(time()).toBe(first);
    elect(voter);
    expect(standing(voter).role).toBe("leader");
    voter.node.advance(1);
    begin(voter, 999, 9);
    expect(standing(voter).role).toBe("unattached");
    expect(time()).toBeGreaterThanOrEqual(voter.node.now + 1000);
  });

  it("does not vote once it knows who leads", () => {
    const voter = quorumNode();
    expect(begin(voter, 103, 4)).toBe("NONE");
    expect(standing(voter)).toMatchObject({ role: "follower", leader: 103, epoch: 4 });
    expect(askVote(voter, { candidate: 102, epoch: 4 }).granted).toBe(false);
  });

  it("does not answer a stranger, one on another disk, or one of another cluster", () => {
    const voter = quorumNode();
    const other = uuid("00000000-0000-4000-a000-00000000ffff");
    expect(askVote(voter, { candidate: 104 }).error).toBe("INVALID_VOTER_KEY");
    expect(askVote(voter, { directory: other }).error).toBe("INVALID_VOTER_KEY");
    expect(askVote(voter, { voterDirectory: other }).error).toBe("INVALID_VOTER_KEY");
    expect(askVote(voter, { cluster: "other" }).error).toBe("INCONSISTENT_CLUSTER_ID");
    expect(standing(voter)).toMatchObject({ epoch: 0, voted: -1 });
  });
});

describe("a pre-vote (KIP-996)", () => {
  it("binds nobody: no epoch moves and no vote is spent", () => {
    const voter = quorumNode();
    expect(askVote(voter, { epoch: 0, preVote: true }).granted).toBe(true);
    expect(askVote(voter, { candidate: 103, epoch: 0, preVote: true }).granted).toBe(true);
    expect(standing(voter)).toMatchObject({ epoch: 0, voted: -1 });
  });

  it("is refused by a leader, and by a follower that hears its leader", () => {
    const leader = quorumNode();
    elect(leader);
    const { epoch } = standing(leader);
    const asked = { epoch, preVote: true, end: 99, lastEpoch: epoch };
    expect(askVote(leader, asked).granted).toBe(false);
    const follower = quorumNode();
    begin(follower, 103, 4);
    expect(askVote(follower, { epoch: 4, preVote: true, lastEpoch: 4 }).granted).toBe(true);
    const { role } = follower.node.state.quorum;
    if (role.type === "follower") role.fetched = true;
    expect(askVote(follower, { epoch: 4, preVote: true, lastEpoch: 4 }).granted).toBe(false);
  });

  it("comes before every candidacy, and without a majority there is none", () => {
    const voter = quorumNode();
    voter.node.advance(2000);
    expect(standing(voter)).toMatchObject({ role: "prospective", epoch: 0 });
    const [asked] = answerVotes(voter, false);
    expect(asked).toMatchObject({ preVote: true, candidateEpoch: 0, candidateId: 101 });
    expect(standing(voter)).toMatchObject({ role: "unattached", epoch: 0 });
    voter.node.advance(20_000);
    expect(standing(voter).epoch).toBe(0);
  });
});

describe("a candidate", () => {
  it("leads with a majority of votes, its own among them, and says so first in its log", () => {
    const voter = quorumNode();
    voter.node.advance(2000);
    answerVotes(voter, true, [103]);
    expect(standing(voter)).toMatchObject({ role: "candidate", epoch: 1, voted: 101 });
    answerVotes(voter, true, [102]);
    expect(standing(voter)).toMatchObject({ role: "leader", epoch: 1, leader: 101 });
    expect(voter.node.notes("controllerElected")).toEqual([
      { type: "controllerElected", epoch: 1 },
    ]);
    expect(voter.node.notes("metadataAppended")).toMatchObject([{ base: 0, next: 1, epoch: 1 }]);
  });

  it("that is refused by a majority asks again later, in the same epoch until it would be elected", () => {
    const voter = quorumNode();
    voter.node.advance(2000);
    answerVotes(voter, true);
    answerVotes(voter, false);
    expect(standing(voter)).toMatchObject({ role: "candidate", epoch: 1 });
    voter.node.advance(2000);
    expect(standing(voter)).toMatchObject({ role: "prospective", epoch: 1 });
  });

  it("does not hear who led an earlier epoch: only what is as late as its own is news", () => {
    const voter = quorumNode();
    begin(voter, 103, 4);
    voter.node.advance(2000);
    const asked = voter.node.talks.flatMap((one) =>
      one.requests(vote).map(({ label }) => ({ one, label })),
    );
    expect(asked.length).toBeGreaterThan(0);
    for (const { one, label } of asked) {
      const code = errorCode("FENCED_LEADER_EPOCH");
      const said = { errorCode: code, leaderId: 102, leaderEpoch: 3, voteGranted: false };
      const topics = [{ topicName: metadataTopic, partitions: [{ partitionIndex: 0, ...said }] }];
      one.reply(vote, label, { errorCode: 0, topics });
      expect(standing(voter)).toMatchObject({ epoch: 4, leader: 103 });
    }
  });

  it("drops an answer that speaks of another epoch", () => {
    const voter = quorumNode();
    voter.node.advance(2000);
    begin(voter, 103, 7);
    answerVotes(voter, true, [102]);
    expect(standing(voter)).toMatchObject({ role: "follower", leader: 103, epoch: 7 });
  });
});

describe("a leader", () => {
  it("commits what a majority has fetched past, its own first record before all others", () => {
    const leader = quorumNode();
    elect(leader);
    expect(leader.node.state.committed).toBe(0);
    expect(fetchAs(leader, 0)?.highWatermark).toBe(0);
    expect(fetchAs(leader, 1)?.highWatermark).toBe(1);
    expect(leader.node.state.committed).toBe(1);
    // From now on it decides: the first thing is what the cluster speaks and keeps, two features.
    expect(leader.node.state.log?.end).toBe(3);
    fetchAs(leader, 3, { voter: 103 });
    expect(leader.node.state.committed).toBe(3);
  });

  it("does not commit what it found by counting who holds it, before a record of its own (Raft, 5.4.2)", () => {
    const files = memoryFiles();
    elect(quorumNode(files));
    const leader = again(files);
    askVote(leader, { epoch: 5, end: 0, lastEpoch: 0 });
    elect(leader);
    expect(standing(leader).role).toBe("leader");
    expect(leader.node.state.log?.end).toBe(2);
    for (const voter of [102, 103]) fetchAs(leader, 1, { voter, lastEpoch: 1 });
    expect(leader.node.state.committed).toBe(0);
    fetchAs(leader, 2);
    expect(leader.node.state.committed).toBe(2);
  });

  it("does not count a voter on another disk, an observer, or one whose log parts from its own", () => {
    const leader = quorumNode();
    elect(leader);
    fetchAs(leader, 1, { directory: zeroUuid });
    fetchAs(leader, 1, { voter: 1 });
    fetchAs(leader, 9, { lastEpoch: 1 });
    expect(leader.node.state.committed).toBe(0);
  });

  it("answers a decision when it is committed, not before", () => {
    const leader = quorumNode();
    elect(leader);
    fetchAs(leader, 1);
    const correlation = leader.talk.ask(brokerRegistration, registration);
    expect(leader.talk.answer(brokerRegistration, correlation)).toBeUndefined();
    fetchAs(leader, 4, { voter: 103 });
    expect(leader.talk.answer(brokerRegistration, correlation)).toMatchObject({
      errorCode: 0,
      brokerEpoch: 3,
    });
    expect(leader.node.notes("brokerRegistered")).toMatchObject([{ broker: 1, epoch: 3, at: 3 }]);
  });

  it("has on its platter what it counts as held by itself", () => {
    const { files, done } = watchedFiles(memoryFiles());
    const leader = quorumNode(files);
    elect(leader);
    fetchAs(leader, 1);
    done.length = 0;
    leader.talk.ask(brokerRegistration, registration);
    leader.node.advance(30);
    const log = "__cluster_metadata-0/00000000000000000000.log";
    expect(done.filter((what) => what.endsWith(log))).toEqual([`append ${log}`, `fsync ${log}`]);
  });

  it("answers what is committed, and not what was decided after it", () => {
    const leader = quorumNode();
    elect(leader);
    fetchAs(leader, 1);
    const ends: number[] = [];
    const asked = [1, 2].map((brokerId) => {
      // One connection would wait for the first answer.
      const { talk } = quorumOn(leader);
      const correlation = talk.ask(brokerRegistration, { ...registration, brokerId });
      leader.node.advance(30);
      ends.push(leader.node.state.log?.end ?? 0);
      return { talk, correlation };
    });
    const answers = () =>
      asked.map(({ talk, correlation }) => talk.answer(brokerRegistration, correlation));
    expect(answers()).toEqual([undefined, undefined]);
    fetchAs(leader, ends[0] ?? 0);
    expect(answers()).toMatchObject([{ errorCode: 0 }, undefined]);
    fetchAs(leader, ends[1] ?? 0);
    expect(answers()[1]).toMatchObject({ errorCode: 0 });
  });

  it("that hears of a later epoch takes its undecided answers back and forgets what was not committed", () => {
    const leader = quorumNode();
    elect(leader);
    fetchAs(leader, 1);
    const correlation = leader.talk.ask(brokerRegistration, registration);
    begin(quorumOn(leader), 102, 9);
    expect(leader.talk.answer(brokerRegistration, correlation)).toMatchObject({ errorCode: 41 });
    expect(leader.node.state.image.brokers.size).toBe(0);
    expect(leader.node.notes("brokerRegistered")).toEqual([]);
  });

  it("tells who holds an epoch that it does not know where their logs part, however short that log is", () => {
    const files = memoryFiles();
    elect(quorumNode(files));
    const leader = again(files);
    askVote(leader, { epoch: 5, end: 0, lastEpoch: 0 });
    elect(leader);
    expect(standing(leader).role).toBe("leader");
    expect(fetchAs(leader, 1, { lastEpoch: 3 })?.divergingEpoch).toEqual({
      epoch: 1,
      endOffset: 1,
    });
    expect(fetchAs(leader, 1, { lastEpoch: 1 })?.divergingEpoch.epoch).toBe(-1);
  });

  it("resigns when no majority fetches for one and a half fetch time-outs, and names those that are furthest", () => {
    const leader = quorumNode();
    elect(leader);
    fetchAs(leader, 1, { voter: 103 });
    leader.node.advance(2999);
    expect(standing(leader).role).toBe("leader");
    leader.node.advance(2);
    expect(standing(leader)).toMatchObject({ role: "resigned", epoch: 1 });
    const { role } = leader.node.state.quorum;
    expect(role.type === "resigned" && role.successors).toEqual([103, 102]);
  });

  it("must be heard by a majority in each such time anew, not once by each", () => {
    const leader = quorumNode(memoryFiles(), {}, false, 5);
    elect(leader);
    for (const voter of [102, 103]) fetchAs(leader, 1, { voter });
    for (let i = 0; i < 2; i++) {
      leader.node.advance(1000);
      fetchAs(leader, 1, { voter: 102 });
      expect(standing(leader).role).toBe("leader");
    }
    leader.node.advance(1000);
    expect(standing(leader)).toMatchObject({ role: "resigned", epoch: 1 });
  });

  it("tells each voter once in half a fetch time-out who leads", () => {
    const leader = quorumNode();
    elect(leader);
    const told = () =>
      leader.node.talks.flatMap((one) =>
        one.requests(beginQuorumEpoch).map(({ label, body }) => ({ one, label, to: body.voterId })),
      );
    expect(told().map(({ to }) => to)).toEqual([102, 103]);
    for (const { one, label, to } of told()) {
      const partition = { partitionIndex: 0, errorCode: 0, leaderId: 101, leaderEpoch: 1 };
      const topics = [{ topicName: metadataTopic, partitions: [partition] }];
      one.reply(beginQuorumEpoch, label, { errorCode: 0, topics });
      expect([to, told().length]).toEqual([to, 2]);
    }
    leader.node.advance(900);
    expect(told()).toHaveLength(2);
    leader.node.advance(200);
    expect(told().map(({ to }) => to)).toEqual([102, 102, 103, 103]);
  });

  it("has resigned when it starts again, and never leads its epoch again", () => {
    const files = memoryFiles();
    elect(quorumNode(files));
    const next = again(files);
    expect(standing(next)).toMatchObject({ role: "resigned", epoch: 1 });
    expect(askVote(next, { epoch: 1, end: 9, lastEpoch: 1 }).granted).toBe(false);
    elect(next);
    next.node.advance(4000);
    expect(standing(next).epoch).toBeGreaterThan(1);
  });
});

const registration = {
  brokerId: 1,
  clusterId: "highwater",
  incarnationId: uuid("00000000-0000-0000-0001-000000000001"),
  listeners: [{ name: "PLAINTEXT", host: "b1", port: 9092, securityProtocol: 0 }],
  features: [],
  rack: null,
  logDirs: [],
};

/** The same controller over another connection: the first one waits for its answer. */
const quorumOn = ({ node }: QuorumNode): QuorumNode => ({ node, talk: node.connect() });
