// Duplicates, gaps and epochs of idempotent producers (ProducerStateManager, KIP-98, KIP-360).
import { describe, expect, test } from "vitest";
import { controlBit, type Files, producerId, readBatchHeader } from "#core";
import { checkProducer, type Log } from "../../core/log/log.ts";
import { sequenceAfter } from "../../core/log/producers.ts";
import { append, at, batchAt, type BatchPlan, openClean, writtenLog } from "../support/logs.ts";
import { memoryFiles } from "../support/memory-files.ts";

/** What the log says to a client's batch of producer 5. */
const ask = (log: Log, plan: BatchPlan) =>
  checkProducer(log, readBatchHeader(batchAt(0, { producer: 5, ...plan })));

const sent = (...sequences: number[]): Log =>
  writtenLog(sequences.map((sequence) => ({ producer: 5, sequence }))).log;

const append5 = { type: "append" };
const error = (name: string) => ({ type: "error", error: name });

describe("a producer's batch", () => {
  test("of a producer without id is never judged", () => {
    const { log } = writtenLog([{}]);
    expect(ask(log, { producer: -1 })).toEqual(append5);
    expect(log.producers.size).toBe(0);
  });

  test("must bear a sequence if it bears an id", () => {
    expect(ask(sent(), { sequence: -1 })).toEqual(error("INVALID_RECORD"));
  });

  test("may begin anywhere if the producer is not known (KIP-360)", () => {
    expect(ask(sent(), { sequence: 77 })).toEqual(append5);
  });

  test("must follow the last one without a gap", () => {
    const { log } = writtenLog([{ producer: 5, sequence: 0, count: 3 }]);
    expect(ask(log, { sequence: 3 })).toEqual(append5);
    expect(ask(log, { sequence: 4 })).toEqual(error("OUT_OF_ORDER_SEQUENCE_NUMBER"));
    expect(ask(log, { sequence: 1 })).toEqual(error("OUT_OF_ORDER_SEQUENCE_NUMBER"));
  });

  test("that is one of the last five, exactly, is a duplicate and is told its place", () => {
    const log = sent(0, 1, 2, 3, 4, 5);
    for (let sequence = 1; sequence <= 5; sequence++) {
      const place = { type: "duplicate", base: sequence, next: sequence + 1, timestamp: 0 };
      expect(ask(log, { sequence })).toEqual(place);
    }
    expect(ask(log, { sequence: 0 })).toEqual(error("OUT_OF_ORDER_SEQUENCE_NUMBER"));
    expect(ask(log, { sequence: 4, count: 2 })).toEqual(error("OUT_OF_ORDER_SEQUENCE_NUMBER"));
  });

  test("of a new epoch begins at 0, and the epoch before is fenced", () => {
    const { files, log } = writtenLog([{ producer: 5, sequence: 0, producerEpoch: 1 }]);
    expect(ask(log, { sequence: 1, producerEpoch: 0 })).toEqual(error("INVALID_PRODUCER_EPOCH"));
    expect(ask(log, { sequence: 1, producerEpoch: 2 })).toEqual(
      error("OUT_OF_ORDER_SEQUENCE_NUMBER"),
    );
    expect(ask(log, { sequence: 0, producerEpoch: 2 })).toEqual(append5);
    append(log, files, { producer: 5, sequence: 0, producerEpoch: 2 });
    expect(log.producers.get(producerId(5))).toMatchObject({ epoch: 2, batches: [{ base: 1 }] });
  });

  test("of an epoch that a transaction's marker began starts at 0; the marker has no sequence", () => {
    const { files, log } = writtenLog([{ producer: 5, sequence: 0 }]);
    const marker = { producer: 5, sequence: -1, attributes: controlBit };
    append(log, files, marker);
    expect(ask(log, { sequence: 0 })).toMatchObject({ type: "duplicate", base: 0 });
    expect(ask(log, { sequence: 1 })).toEqual(append5);
    append(log, files, { ...marker, producerEpoch: 1 });
    expect(ask(log, { sequence: 1, producerEpoch: 1 })).toEqual(
      error("OUT_OF_ORDER_SEQUENCE_NUMBER"),
    );
    expect(ask(log, { sequence: 0, producerEpoch: 1 })).toEqual(append5);
  });

  test("goes on at 0 behind the largest sequence", () => {
    expect(sequenceAfter(0x7fffffff, 1)).toBe(0);
    const { log } = writtenLog([{ producer: 5, sequence: 0x7ffffffe, count: 3 }]);
    expect(ask(log, { sequence: 0x7ffffffe, count: 3 })).toMatchObject({ type: "duplicate" });
    expect(ask(log, { sequence: 1 })).toEqual(append5);
    expect(ask(log, { sequence: 0 })).toEqual(error("OUT_OF_ORDER_SEQUENCE_NUMBER"));
  });
});

describe("a producer is forgotten", () => {
  const config = { producerIdExpirationMs: 1000 };
  /** What every append looks at: the check comes once in ten minutes. */
  const tick = 600_000;

  function silent(): { files: Files; log: Log } {
    const files = memoryFiles();
    const log = openClean(files, config);
    append(log, files, { producer: 5, sequence: 0, timestamp: 50 }, at(50));
    return { files, log };
  }

  test("when its last record is as old as producer.id.expiration.ms, at the next check", () => {
    const { files, log } = silent();
    append(log, files, { producer: 6, sequence: 0, timestamp: tick }, at(50 + tick - 1));
    expect([...log.producers.keys()]).toEqual([5, 6]);
    append(log, files, { timestamp: tick }, at(50 + tick));
    expect([...log.producers.keys()]).toEqual([6]);
  });

  test("also where the clock stood at 0 when the log was looked at first", () => {
    const files = memoryFiles();
    const log = openClean(files, config);
    append(log, files, { producer: 5, sequence: 0, timestamp: 0 }, at(0));
    append(log, files, { timestamp: tick }, at(tick));
    expect([...log.producers.keys()]).toEqual([]);
  });

  test("and not before: what counts is what its records say", () => {
    const { files, log } = silent();
    append(log, files, { producer: 5, sequence: 1, timestamp: tick - 900 }, at(60));
    append(log, files, { timestamp: tick }, at(50 + tick));
    expect([...log.producers.keys()]).toEqual([5]);
  });
});
