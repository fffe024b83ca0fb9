import { describe, expect, it } from "vitest";
import {
  beginAnew,
  buildFetch,
  epochAfter,
  errorCode,
  type ErrorName,
  type FetchResponse,
  type FetchSessionHandler,
  newFetchSessionHandler,
  type PartitionQuestion,
  takeFetchAnswer,
  type Uuid,
  uuid,
} from "#core";

const ordersId = uuid("00000000-0000-0000-0000-00000000000a");
const otherId = uuid("00000000-0000-0000-0000-00000000000b");

const question = (
  partition: number,
  fetchOffset: number,
  topicId = ordersId,
): PartitionQuestion => ({
  topic: "orders",
  topicId,
  partition,
  currentLeaderEpoch: 0,
  fetchOffset,
  lastFetchedEpoch: -1,
  logStartOffset: 0,
  partitionMaxBytes: 100,
});

type Change = readonly [number, PartitionQuestion | undefined];
const build = (handler: FetchSessionHandler, ...changes: readonly Change[]) => {
  const next = new Map(changes.map(([partition, one]) => [`orders-${partition}`, one]));
  const built = buildFetch(handler, next.keys(), (name) => next.get(name));
  return {
    metadata: [built.sessionId, built.sessionEpoch],
    sent: built.topics.flatMap(({ partitions }) => partitions.map(({ partition }) => partition)),
    forgotten: built.forgottenTopicsData.flatMap(({ topicId, partitions }) =>
      partitions.map((partition) => [topicId, partition]),
    ),
  };
};

/** An answer that tells of these partitions. */
function answer(
  sessionId: number,
  partitions: readonly number[],
  error: ErrorName = "NONE",
  topicId: Uuid = ordersId,
): FetchResponse {
  const told = partitions.map((partitionIndex) => ({
    partitionIndex,
    errorCode: 0,
    highWatermark: 0,
    lastStableOffset: 0,
    logStartOffset: 0,
    divergingEpoch: { epoch: -1, endOffset: -1 },
    currentLeader: { leaderId: -1, leaderEpoch: -1 },
    snapshotId: { endOffset: -1, epoch: -1 },
    abortedTransactions: null,
    preferredReadReplica: -1,
    records: null,
  }));
  const responses = told.length === 0 ? [] : [{ topic: "", topicId, partitions: told }];
  const errorNumber = errorCode(error);
  return { throttleTimeMs: 0, errorCode: errorNumber, sessionId, responses, nodeEndpoints: [] };
}

/** One whose session 7 holds partitions 0 and 1, at offset 0. */
function inSession(): FetchSessionHandler {
  const handler = newFetchSessionHandler();
  build(handler, [0, question(0, 0)], [1, question(1, 0)]);
  expect(takeFetchAnswer(handler, answer(7, [0, 1]))).toBeUndefined();
  return handler;
}

describe("the epoch of a fetch session", () => {
  it("rises by one, passes from the largest to 1, and stays where none is wanted", () => {
    expect([0, 1, 0x7fffffff, -1].map(epochAfter)).toEqual([1, 2, 1, -1]);
  });
});

describe("whoever fetches in a session", () => {
  it("asks for one with all that it wants, and goes on with what has changed", () => {
    const handler = newFetchSessionHandler();
    const all = build(handler, [0, question(0, 0)], [1, question(1, 0)]);
    expect(all).toEqual({ metadata: [0, 0], sent: [0, 1], forgotten: [] });
    takeFetchAnswer(handler, answer(7, [0, 1]));
    const changed = build(handler, [0, question(0, 0)], [1, question(1, 5)], [2, question(2, 0)]);
    expect(changed).toEqual({ metadata: [7, 1], sent: [1, 2], forgotten: [] });
    takeFetchAnswer(handler, answer(7, [2]));
    expect(build(handler)).toEqual({ metadata: [7, 2], sent: [], forgotten: [] });
  });

  it("names everything again each time where it is refused one", () => {
    const handler = newFetchSessionHandler();
    build(handler, [0, question(0, 0)]);
    expect(takeFetchAnswer(handler, answer(0, [0]))).toBeUndefined();
    const again = build(handler, [0, question(0, 0)]);
    expect(again).toEqual({ metadata: [0, 0], sent: [0], forgotten: [] });
  });

  it("forgets what it wants no more, and the old topic of one that was made again", () => {
    const handler = inSession();
    const built = build(handler, [0, undefined], [1, question(1, 0, otherId)], [5, undefined]);
    const forgotten = [
      [ordersId, 0],
      [ordersId, 1],
    ];
    expect(built).toEqual({ metadata: [7, 1], sent: [1], forgotten });
    takeFetchAnswer(handler, answer(7, []));
    expect(build(handler, [0, question(0, 0)]).sent).toEqual([0]);
  });

  it("begins with a new one where its session is not known", () => {
    const handler = inSession();
    build(handler);
    const problem = takeFetchAnswer(handler, answer(0, [], "FETCH_SESSION_ID_NOT_FOUND"));
    expect(problem).toBe("FETCH_SESSION_ID_NOT_FOUND");
    expect(build(handler, [1, question(1, 0)])).toMatchObject({ metadata: [0, 0], sent: [1] });
    expect([...handler.partitions.keys()]).toEqual(["orders-1"]);
  });

  it("ends its session and begins another after a wrong epoch, and after silence", () => {
    const refused = inSession();
    takeFetchAnswer(refused, answer(7, [], "INVALID_FETCH_SESSION_EPOCH"));
    expect(build(refused, [0, question(0, 0)])).toMatchObject({ metadata: [7, 0], sent: [0] });
    const silent = inSession();
    build(silent, [0, question(0, 3)]);
    beginAnew(silent);
    expect(build(silent, [0, question(0, 3)])).toMatchObject({ metadata: [7, 0], sent: [0] });
  });

  it("goes on in full when the broker ends the session by itself", () => {
    const handler = inSession();
    build(handler);
    expect(takeFetchAnswer(handler, answer(0, []))).toBeUndefined();
    expect(build(handler, [0, question(0, 0)]).metadata).toEqual([0, 0]);
  });

  it("takes no answer that leaves out what it asked in full, or tells of what it did not ask", () => {
    const short = newFetchSessionHandler();
    build(short, [0, question(0, 0)], [1, question(1, 0)]);
    expect(takeFetchAnswer(short, answer(7, [0]))).toBe("a partition without an answer");
    expect(build(short, [0, question(0, 0)]).metadata).toEqual([0, 0]);
    const strange = inSession();
    build(strange);
    expect(takeFetchAnswer(strange, answer(7, [2]))).toBe("a partition that was not asked");
    expect(build(strange, [0, question(0, 0)]).metadata).toEqual([7, 0]);
    const foreign = inSession();
    build(foreign);
    expect(takeFetchAnswer(foreign, answer(7, [0], "NONE", otherId))).toBe(
      "a partition that was not asked",
    );
  });
});
