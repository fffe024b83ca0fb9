// A voter that follows: what it takes, when it gives its leader up, and what it does without its disk.
import { describe, expect, it } from "vitest";
import { encodeBatch, fetch, offset } from "#core";
import { type FetchedMetadata, takeFetched } from "../../core/controller/quorum/replica.ts";
import { metadataTopicId } from "../../core/foundation/ids.ts";
import { errorCode } from "../../core/wire/errors.ts";
import { encodeMetadataRecord, metadataRecord } from "../../core/wire/metadata-records.ts";
import { memoryFiles } from "../support/memory-files.ts";
import {
  askVote,
  begin,
  directoryOf,
  end,
  type QuorumNode,
  quorumNode,
  standing,
} from "../support/quorum-node.ts";
import { turnAt } from "../support/turns.ts";

describe("a follower", () => {
  it("takes for committed what its leader says is committed, and no more than that of what it fetched", () => {
    const { node, talk } = quorumNode();
    begin({ node, talk }, 103, 4);
    const value = encodeMetadataRecord(metadataRecord({ type: "noOp" }));
    const records = encodeBatch(
      {
        baseOffset: 0,
        leaderEpoch: 4,
        producerId: -1,
        producerEpoch: -1,
        baseSequence: -1,
        records: [{ timestamp: 0, key: null, value, headers: [] }],
      },
      (length) => new Uint8Array(length),
    );
    const fed = (highWatermark: number, bytes: Uint8Array | null) => {
      const asked = node.talks.flatMap((one) => one.requests(fetch).map((to) => ({ one, to })));
      const last = asked.at(-1);
      if (last === undefined) throw new Error("it does not fetch");
      const partition = {
        partitionIndex: 0,
        errorCode: 0,
        highWatermark,
        lastStableOffset: highWatermark,
        logStartOffset: 0,
        currentLeader: { leaderId: 103, leaderEpoch: 4 },
        abortedTransactions: null,
        preferredReadReplica: -1,
        records: bytes,
      };
      const responses = [{ topicId: metadataTopicId, partitions: [partition] }];
      last.one.reply(fetch, last.to.label, { throttleTimeMs: 0, errorCode: 0, responses });
      return { end: node.state.log?.end, committed: node.state.committed };
    };
    expect(fed(0, records)).toEqual({ end: 1, committed: 0 });
    expect(fed(1, null)).toEqual({ end: 1, committed: 1 });
    // A leader that has just been elected does not know yet what is committed.
    expect(fed(0, null)).toEqual({ end: 1, committed: 1 });
  });

  it("asks whether it would be elected when it has not fetched for the fetch time-out", () => {
    const voter = quorumNode();
    begin(voter, 103, 4);
    voter.node.advance(1999);
    expect(standing(voter).role).toBe("follower");
    voter.node.advance(1);
    expect(standing(voter)).toMatchObject({ role: "prospective", epoch: 4, leader: 103 });
  });

  it("gives up with its connection what it had asked its leader, to ask that one something else", () => {
    const voter = quorumNode();
    begin(voter, 103, 4);
    const asked = () => voter.node.talks.filter((one) => one.requests(fetch).length > 0);
    expect(asked().map(({ to, ended }) => [to, ended])).toEqual([["c3:9093", undefined]]);
    voter.node.advance(1999);
    expect(asked().at(-1)?.ended).toBeUndefined();
    voter.node.advance(1);
    expect(asked().at(-1)?.ended).toBe("there");
  });

  it("does not take what is damaged", () => {
    const { log } = quorumNode().node.state;
    if (log === undefined) throw new Error("no log");
    const value = encodeMetadataRecord(metadataRecord({ type: "noOp" }));
    const ids = { leaderEpoch: 4, producerId: -1, producerEpoch: -1, baseSequence: -1 };
    const records = encodeBatch(
      { baseOffset: 0, ...ids, records: [{ timestamp: 0, key: null, value, headers: [] }] },
      (length) => new Uint8Array(length),
    );
    records[records.length - 1] = 77;
    const divergingEpoch = { epoch: -1, endOffset: -1 };
    const answer = { divergingEpoch, records } as unknown as FetchedMetadata;
    const turn = turnAt(memoryFiles(), 0);
    expect(() => takeFetched(log, answer, offset(0), true, turn)).toThrow(/crc/i);
    expect(log.end).toBe(0);
  });

  it("whose leader resigns stands at once if it is the first heir, and a little later if it is not", () => {
    const first = quorumNode();
    begin(first, 103, 4);
    end(first, 103, 4, [101, 102]);
    expect(standing(first).role).toBe("prospective");
    const second = quorumNode();
    begin(second, 103, 4);
    end(second, 103, 4, [102, 101]);
    expect(standing(second).role).toBe("follower");
    second.node.advance(100);
    expect(standing(second).role).toBe("prospective");
  });

  it("that came back on another disk never votes and never stands", () => {
    const wiped = quorumNode(memoryFiles(), {}, true);
    expect(askVote(wiped, { epoch: 1 }).error).toBe("INVALID_VOTER_KEY");
    expect(askVote(wiped, { epoch: 1, voterDirectory: directoryOf(101) }).granted).toBe(false);
    wiped.node.advance(60_000);
    expect(standing(wiped)).toMatchObject({ role: "unattached", epoch: 0, voted: -1 });
  });

  it("that came back on another disk asks one voter at a time who leads, and follows that one", () => {
    const { node, talk } = quorumNode(memoryFiles(), {}, true);
    const asked = () =>
      node.talks.flatMap((one) => one.requests(fetch).map(({ label }) => ({ one, label })));
    expect(asked()).toHaveLength(1);
    const [first] = asked();
    const partition = {
      partitionIndex: 0,
      errorCode: errorCode("NOT_LEADER_OR_FOLLOWER"),
      highWatermark: -1,
      lastStableOffset: -1,
      logStartOffset: -1,
      currentLeader: { leaderId: 103, leaderEpoch: 4 },
      abortedTransactions: null,
      preferredReadReplica: -1,
      records: null,
    };
    const responses = [{ topicId: metadataTopicId, partitions: [partition] }];
    first?.one.reply(fetch, first.label, { throttleTimeMs: 0, errorCode: 0, responses });
    expect(standing({ node, talk })).toMatchObject({ role: "follower", epoch: 4, leader: 103 });
    expect(asked().length).toBeGreaterThan(1);
  });

  it("that came back on another disk votes, hears who leads and stands by the flaw wiped-voter (KIP-853)", () => {
    const wiped = (): QuorumNode => quorumNode(memoryFiles(), { flaws: ["wiped-voter"] }, true);
    expect(askVote(wiped(), { epoch: 1 })).toEqual({ error: "NONE", granted: true });
    expect(begin(wiped(), 103, 4)).toBe("NONE");
    const alone = wiped();
    alone.node.advance(60_000);
    expect(standing(alone).role).not.toBe("unattached");
  });
});
