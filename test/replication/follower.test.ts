import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { offset } from "#core";
import { readLog } from "../../core/log/log.ts";
import { appendFromClient } from "../../core/replication/appending.ts";
import { applyFetched, type FollowerAnswer, nextFetch } from "../../core/replication/follower.ts";
import { answerWants } from "../../core/replication/reading.ts";
import { decodeRecords, splitBatches } from "../../core/wire/batch.ts";
import { readUtf8 } from "../../core/foundation/utf8.ts";
import { batchOf, followBroker, lead, newReplica, type Replica } from "../support/replicas.ts";
import { id, notesOf, turnAt } from "../support/turns.ts";

function append(leader: Replica, ...values: string[]): void {
  for (const value of values) {
    appendFromClient(leader.partition, batchOf([value]), turnAt(leader.files, 0));
  }
}

/** What the leader answers to the follower's next question. */
function question(follower: Replica) {
  const asked = nextFetch(follower.partition);
  const { name, topic, topicId, index } = follower.partition;
  const want = {
    name,
    topic,
    topicId,
    index,
    offset: asked.offset,
    epoch: asked.leaderEpoch,
    lastEpoch: asked.lastEpoch,
    logStart: follower.partition.log.start,
    maxBytes: 1 << 20,
  };
  const caller = { connection: 1, correlation: 0, version: 17, input: 1 } as never;
  const replica = follower.view.self;
  return {
    asked,
    fetch: { caller, replica, minBytes: 1, maxBytes: 1 << 20, rack: undefined, wants: [want] },
  };
}

function ask(leader: Replica, follower: Replica): { error: string; answer: FollowerAnswer } {
  const { fetch } = question(follower);
  const partitions = new Map([[leader.partition.name, leader.partition]]);
  const [one] = answerWants(partitions, fetch, leader.files);
  if (one === undefined) throw new Error("no answer");
  const { highWatermark, logStart, diverging, records } = one;
  return { error: one.error, answer: { highWatermark, logStart, diverging, records } };
}

function apply(follower: Replica, answer: FollowerAnswer, asked = nextFetch(follower.partition)) {
  const { role } = follower.partition;
  if (role.type !== "follower") throw new Error("not a follower");
  const turn = turnAt(follower.files, 0);
  applyFetched(follower.partition, role, asked, answer, turn);
  return turn;
}

function catchUp(leader: Replica, follower: Replica): void {
  for (let i = 0; i < 100; i++) {
    const { answer } = ask(leader, follower);
    const before = follower.partition.log.end;
    apply(follower, answer);
    if (answer.diverging === undefined && follower.partition.log.end === before) return;
  }
  throw new Error("the follower does not catch up");
}

function valuesOf(replica: Replica): string[] {
  const { log } = replica.partition;
  const values: string[] = [];
  let at = log.start;
  while (at < log.end) {
    const bytes = readLog(log, replica.files, at, {
      maxBytes: 1 << 20,
      upTo: log.end,
      minOneBatch: true,
    });
    for (const batch of splitBatches(bytes)) {
      for (const record of decodeRecords(batch)) {
        values.push(readUtf8(record.value ?? new Uint8Array(0)));
        at = offset(record.offset + 1);
      }
    }
  }
  return values;
}

const writtenEpochs = ({ partition: { log } }: Replica) =>
  log.epochs.filter(({ start }, i) => start < (log.epochs[i + 1]?.start ?? log.end));

describe("a follower", () => {
  it("takes over the leader's bytes and, later, its high watermark", () => {
    const leader = newReplica(1);
    const follower = newReplica(2);
    lead(leader, 1, [1, 2]);
    followBroker(follower, 1, 1);
    append(leader, "a", "b");
    catchUp(leader, follower);
    expect(valuesOf(follower)).toEqual(["a", "b"]);
    expect(follower.partition.highWatermark).toBe(0);
  });

  it("cuts exactly what the new leader does not have, and nothing that both hold", () => {
    const old = newReplica(1);
    const next = newReplica(2);
    lead(old, 1, [1, 2]);
    followBroker(next, 1, 1);
    append(old, "a", "b");
    catchUp(old, next);
    append(old, "lost-1", "lost-2");
    lead(next, 2, [1, 2]);
    append(next, "c");
    followBroker(old, 2, 2);
    const { answer } = ask(next, old);
    expect(answer.diverging).toEqual({ epoch: 1, end: 2 });
    expect(notesOf(apply(old, answer), "truncated")).toMatchObject([{ from: 4, to: 2 }]);
    catchUp(next, old);
    expect(valuesOf(old)).toEqual(["a", "b", "c"]);
  });

  it("keeps no high watermark above what it cut, as after an unclean election", () => {
    const old = newReplica(1);
    const next = newReplica(2);
    lead(old, 1, [1], { minIsr: 1 });
    append(old, "a", "b");
    lead(old, 2, [1], { minIsr: 1 });
    expect(old.partition.highWatermark).toBe(2);
    lead(next, 3, [2], { minIsr: 1 });
    followBroker(old, 2, 3);
    const { answer } = ask(next, old);
    apply(old, answer);
    expect(old.partition.log.end).toBe(0);
    expect(old.partition.highWatermark).toBe(0);
  });

  it("drops an answer to a question that is no longer its own (KAFKA-18991)", () => {
    const leader = newReplica(1);
    const follower = newReplica(2);
    lead(leader, 1, [1, 2]);
    followBroker(follower, 1, 1);
    append(leader, "a");
    const asked = nextFetch(follower.partition);
    const { answer } = ask(leader, follower);
    apply(follower, answer, asked);
    apply(follower, answer, asked);
    expect(valuesOf(follower)).toEqual(["a"]);
    const diverging = { ...answer, diverging: { epoch: 0 as never, end: offset(0) } };
    followBroker(follower, 1, 2);
    apply(follower, diverging, { ...asked, offset: follower.partition.log.end });
    expect(valuesOf(follower)).toEqual(["a"]);
  });

  it("takes no batch of a later epoch than it follows, and none behind that (KAFKA-18723)", () => {
    const leader = newReplica(1);
    const follower = newReplica(2);
    lead(leader, 1, [1, 2]);
    append(leader, "a");
    lead(leader, 2, [1, 2]);
    append(leader, "b", "c");
    const { log } = leader.partition;
    const wanted = { maxBytes: 1 << 20, upTo: log.end, minOneBatch: true };
    const records = readLog(log, leader.files, offset(0), wanted);
    followBroker(follower, 1, 1);
    const answer = { highWatermark: offset(3), logStart: offset(0), diverging: undefined, records };
    apply(follower, answer);
    expect(valuesOf(follower)).toEqual(["a"]);
    expect(follower.partition.highWatermark).toBe(1);
    followBroker(follower, 1, 2);
    catchUp(leader, follower);
    expect(valuesOf(follower)).toEqual(["a", "b", "c"]);
  });

  it("has the leader's log in the end, whatever leaders and appends came before", () => {
    const step = fc.record({
      leader: fc.constantFrom(0, 1, 2),
      append: fc.nat(3),
      sync: fc.nat(7),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        const replicas = [1, 2, 3].map((broker) => newReplica(broker));
        let epoch = 0;
        let last: Replica | undefined;
        for (const { leader: at, append: count, sync } of steps) {
          const leader = replicas[at];
          if (leader === undefined) throw new Error("no such replica");
          epoch += 1;
          lead(leader, epoch, [1, 2, 3]);
          last = leader;
          for (let i = 0; i < count; i++) append(leader, `${epoch}-${i}`);
          replicas.forEach((replica, i) => {
            if (replica === leader) return;
            followBroker(replica, at + 1, epoch);
            // Some followers hear nothing of this epoch, so that logs part.
            if ((sync >> i) % 2 === 1) catchUp(leader, replica);
          });
        }
        if (last === undefined) return;
        for (const replica of replicas) {
          if (replica === last) continue;
          catchUp(last, replica);
          expect(valuesOf(replica)).toEqual(valuesOf(last));
          // An epoch without a record may be remembered by whoever led it alone.
          expect(writtenEpochs(replica)).toEqual(writtenEpochs(last));
        }
      }),
    );
  });
});

describe("a leader that is asked", () => {
  it("gives consumers only what lies below the high watermark, and followers all", () => {
    const leader = newReplica(1);
    lead(leader, 1, [1, 2]);
    append(leader, "a", "b");
    const follower = newReplica(2);
    followBroker(follower, 1, 1);
    expect(ask(leader, follower).answer.records?.length).toBeGreaterThan(0);
    const { fetch } = question(follower);
    const partitions = new Map([[leader.partition.name, leader.partition]]);
    const wants = fetch.wants.map((want) => ({
      ...want,
      epoch: -1 as never,
      lastEpoch: -1 as never,
    }));
    const consumer = { ...fetch, replica: id(-1), wants };
    expect(answerWants(partitions, consumer, leader.files)[0]?.records).toHaveLength(0);
  });

  it("refuses who asks under another leader epoch", () => {
    const leader = newReplica(1);
    lead(leader, 2, [1, 2]);
    const follower = newReplica(2);
    followBroker(follower, 1, 1);
    expect(ask(leader, follower).error).toBe("FENCED_LEADER_EPOCH");
    followBroker(follower, 1, 3);
    expect(ask(leader, follower).error).toBe("UNKNOWN_LEADER_EPOCH");
  });
});
