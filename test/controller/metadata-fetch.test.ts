import { beforeEach, describe, expect, it } from "vitest";
import {
  encodeRequest,
  errorCode,
  fetch,
  metadataTopicId,
  nextOffset,
  readBatchHeader,
  splitBatches,
  uuid,
} from "#core";
import {
  askProducerIds,
  type ControllerNode,
  inService,
  startedController,
} from "../support/controller-node.ts";
import { fresh, type Talk } from "../support/test-node.ts";

let controller: ControllerNode;
/** The connection that a broker follows the metadata log on. */
let follower: Talk;
beforeEach(() => {
  // One epoch gone by, so that there is an earlier one.
  controller = startedController({}, startedController().node.files);
  inService(controller);
  follower = controller.node.connect();
  // It was told all that there is to tell.
  ask({ maxWaitMs: 0 });
  follower.sent.length = 0;
});

interface Asked {
  readonly offset?: number;
  readonly epoch?: number;
  readonly lastEpoch?: number;
  readonly maxWaitMs?: number;
  readonly topicId?: string;
  readonly partition?: number;
}

const question = (asked: Asked) => ({
  replicaState: { replicaId: 1, replicaEpoch: -1 },
  maxWaitMs: asked.maxWaitMs ?? 500,
  minBytes: 1,
  maxBytes: 1 << 20,
  topics: [
    {
      topicId: uuid(asked.topicId ?? metadataTopicId),
      partitions: [
        {
          partition: asked.partition ?? 0,
          currentLeaderEpoch: asked.epoch ?? controller.node.state.quorum.epoch,
          fetchOffset: asked.offset ?? controller.node.state.committed,
          lastFetchedEpoch: asked.lastEpoch ?? -1,
          partitionMaxBytes: 1 << 20,
        },
      ],
    },
  ],
  forgottenTopicsData: [],
});

const ask = (asked: Asked): number => follower.ask(fetch, question(asked));

function answered(correlation: number) {
  const answer = follower.answer(fetch, correlation);
  const partition = answer?.responses[0]?.partitions[0];
  return partition === undefined
    ? undefined
    : {
        ...partition,
        batches: splitBatches(partition.records ?? fresh(0)).map((one) => readBatchHeader(one)),
      };
}

describe("a fetch of the metadata log", () => {
  it("brings all that is committed, and how far that is", () => {
    const answer = answered(ask({ offset: 0 }));
    const { committed, quorum } = controller.node.state;
    const { epoch } = quorum;
    expect(answer?.highWatermark).toBe(committed);
    expect(answer?.currentLeader).toMatchObject({ leaderId: 100, leaderEpoch: epoch });
    const last = answer?.batches.at(-1);
    expect(answer?.batches[0]?.baseOffset).toBe(0);
    expect(last === undefined ? -1 : nextOffset(last)).toBe(committed);
  });

  it("at the end waits for the next commit and is answered in the step that commits", () => {
    const at = controller.node.state.committed;
    const waiting = ask({});
    expect(answered(waiting)).toBeUndefined();
    askProducerIds(controller, 1);
    expect(answered(waiting)).toMatchObject({ errorCode: 0, highWatermark: at + 1 });
    expect(answered(waiting)?.batches.map(({ baseOffset }) => baseOffset)).toEqual([at]);
  });

  it("is answered empty when its wait is over, each at its own time", () => {
    const later = ask({ maxWaitMs: 500 });
    const other = controller.node.connect();
    const sooner = other.ask(fetch, question({ maxWaitMs: 100 }));
    controller.node.advance(100);
    expect(other.answer(fetch, sooner)?.responses).toHaveLength(1);
    controller.node.advance(399);
    expect(answered(later)).toBeUndefined();
    controller.node.advance(1);
    expect(answered(later)).toMatchObject({ errorCode: 0, batches: [] });
  });

  it("sends a snapshot where it cannot say any more where the asker's last epoch ended", () => {
    const small = {
      "metadata.log.max.record.bytes.between.snapshots": 300,
      "metadata.max.retention.bytes": 1,
    };
    controller = startedController(small, startedController({}).node.files);
    inService(controller);
    follower = controller.node.connect();
    const { log, snapshots, quorum } = controller.node.state;
    const [oldest] = snapshots.ids;
    expect([quorum.epoch, oldest?.epoch, log?.start]).toEqual([3, 3, oldest?.end]);
    const at = Number(oldest?.end);
    const given = (offset: number, lastEpoch: number) =>
      answered(ask({ offset, lastEpoch, maxWaitMs: 0 }))?.snapshotId;
    const snapshot = { endOffset: at, epoch: 3 };
    // It has records of an earlier epoch behind where this log begins: they parted before.
    expect(given(at + 3, 2)).toMatchObject(snapshot);
    expect(given(at, 2)).toMatchObject(snapshot);
    expect(given(at, 3)).toMatchObject({ endOffset: -1, epoch: -1 });
  });

  it("tells a follower of another epoch so, with the leader and epoch that are right", () => {
    const { epoch } = controller.node.state.quorum;
    expect(answered(ask({ epoch: epoch - 1 }))).toMatchObject({
      errorCode: errorCode("FENCED_LEADER_EPOCH"),
      currentLeader: { leaderId: 100, leaderEpoch: epoch },
    });
    expect(answered(ask({ epoch: epoch + 1 }))).toMatchObject({
      errorCode: errorCode("UNKNOWN_LEADER_EPOCH"),
    });
  });

  it("tells a follower where its log parts from this one", () => {
    const { epoch } = controller.node.state.quorum;
    const at = controller.node.notes("logOpened")[0]?.end ?? -1;
    // The life before led epoch 1; nobody wrote in the one after it.
    expect(answered(ask({ offset: at + 1, lastEpoch: epoch - 1 }))?.divergingEpoch).toMatchObject({
      epoch: 1,
      endOffset: at,
    });
    expect(answered(ask({ offset: at, lastEpoch: 1 }))?.divergingEpoch.epoch).toBe(-1);
  });

  it("beyond the end is told where this log ends", () => {
    const { committed, quorum } = controller.node.state;
    const { epoch } = quorum;
    const beyond = { offset: committed + 1, lastEpoch: epoch };
    const diverging = { epoch, endOffset: committed };
    expect(answered(ask(beyond))?.divergingEpoch).toMatchObject(diverging);
    expect(answered(ask({ ...beyond, lastEpoch: -1 }))?.divergingEpoch).toMatchObject(diverging);
    expect(answered(ask({ ...beyond, lastEpoch: epoch + 1 }))?.divergingEpoch).toMatchObject(
      diverging,
    );
  });

  it("of a high watermark that it was not told does not wait", () => {
    const stranger = controller.node.connect();
    const body = { ...question({}), replicaState: { replicaId: 2, replicaEpoch: -1 } };
    const first = stranger.answer(fetch, stranger.ask(fetch, body));
    const { committed } = controller.node.state;
    expect(first?.responses[0]?.partitions[0]?.highWatermark).toBe(committed);
    expect(stranger.answer(fetch, stranger.ask(fetch, body))).toBeUndefined();
  });

  it("of another topic, partition or cluster is refused", () => {
    const other = "00000000-0000-0000-0000-0000000000ff";
    for (const asked of [{ topicId: other }, { partition: 1 }]) {
      expect(follower.answer(fetch, ask(asked))).toMatchObject({
        errorCode: errorCode("UNKNOWN_TOPIC_ID"),
        responses: [],
      });
    }
  });
});

describe("a controller's connection", () => {
  it("is closed for bytes that make no sense, and for what a controller does not speak", () => {
    const header = { correlationId: 1, clientId: "test" };
    const whole = encodeRequest(fetch, fetch.maxVersion, header, question({}), fresh);
    const cut = whole.slice(0, whole.length - 1);
    cut[3] = (cut[3] ?? 0) - 1;
    const strange = whole.slice();
    strange[5] = 77;
    for (const bytes of [cut, strange, new Uint8Array([0xff, 0xff, 0xff, 0xff])]) {
      const talk = controller.node.connect();
      talk.write(bytes);
      expect(talk.ended).toBe("there");
      expect(talk.sent).toEqual([]);
    }
  });

  it("answers in the order of the questions: what follows a waiting fetch waits with it", () => {
    const first = ask({});
    const second = ask({ offset: 0 });
    expect(follower.sent).toEqual([]);
    askProducerIds(controller, 1);
    expect(follower.sent.map(({ label }) => label.correlation)).toEqual([first, second]);
  });
});
