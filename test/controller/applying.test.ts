// What a replica of the metadata log brings into its image: what is committed, once, and with a clear end.
import { describe, expect, it } from "vitest";
import { offset } from "#core";
import { emptyImage } from "../../core/controller/metadata/image.ts";
import { applyUpToCommitted } from "../../core/controller/quorum/applying.ts";
import { noSnapshots } from "../../core/controller/quorum/snapshots.ts";
import { type Log, restartLog } from "../../core/log/log.ts";
import { nextOffset, readBatchHeader } from "../../core/wire/batch.ts";
import { BrokerNode } from "../support/broker-node.ts";
import { settings, startedController } from "../support/controller-node.ts";
import { append, writtenLog } from "../support/logs.ts";
import { notesOf, turnAt } from "../support/turns.ts";

/** A replica of a log of three batches with six records, and what it has replayed. */
function replica() {
  const { files, log } = writtenLog([{ count: 1 }, { count: 3 }, { count: 2 }]);
  const self = { snapshots: noSnapshots(), committed: offset(0), applied: offset(0) };
  const replayed: number[] = [];
  const apply = (committed: number, of: Log = log) => {
    self.committed = offset(committed);
    const turn = turnAt(files, 0);
    const replayBatch = (batch: Uint8Array): void => {
      const next = nextOffset(readBatchHeader(batch));
      expect(self.applied).toBe(next);
      replayed.push(next);
    };
    const whose = { image: emptyImage(), voters: [], settings: settings() };
    applyUpToCommitted(self, { log: of, ...whose, replayBatch }, turn);
    return notesOf(turn, "metadataApplied").map(({ next }) => next);
  };
  return { files, log, self, replayed, apply };
}

describe("a replica of the metadata log", () => {
  it("replays what is committed and here, each batch once, and tells how far it came", () => {
    const { files, log, replayed, apply } = replica();
    expect(apply(4)).toEqual([4]);
    expect(apply(4)).toEqual([]);
    expect(apply(9)).toEqual([6]);
    append(log, files, { count: 3 });
    expect(apply(9)).toEqual([9]);
    expect(replayed).toEqual([1, 4, 6, 9]);
  });

  it("ends instead of looking for ever for what its log does not hold", () => {
    const { files, log, self, apply } = replica();
    expect(() => apply(9, { ...log, end: offset(9) })).toThrow(/holds every offset/);
    self.applied = offset(2);
    restartLog(log, files, offset(20));
    expect(() => apply(20)).toThrow(/before the log's start/);
  });

  it("keeps its log in the same way on a broker and on a controller, whatever a topic's retention is", () => {
    const more = { "log.retention.ms": 1000, "log.retention.bytes": 1, "log.segment.bytes": 700 };
    const broker = new BrokerNode(more);
    broker.node.feed({ type: "started" });
    const ofBroker = broker.node.state.metadata?.log.config;
    expect(ofBroker).toEqual(startedController(more).node.state.log?.config);
    expect(ofBroker).toMatchObject({ segmentBytes: 700, retentionMs: -1, retentionBytes: -1 });
  });
});
