// Whatever is done to a log, it says what a list of batches says, in memory, on the disk and after a restart.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Files, offset } from "#core";
import {
  appendBatches,
  assignEpoch,
  closeLog,
  endOffsetForEpoch,
  flushLog,
  type Log,
  offsetForTimestamp,
  readLog,
  truncateLog,
} from "../../core/log/log.ts";
import { epochText } from "../../core/log/epochs.ts";
import {
  appendToModel,
  batchesOf,
  beginEpoch,
  endOf,
  forgetEmptyEpochs,
  forgetStraySnapshots,
  type LogModel,
  modelEndOfEpoch,
  modelIndex,
  modelOffsetAt,
  modelProducers,
  modelTimes,
  newModel,
  readModel,
  reloadModel,
  truncateModel,
  writeSnapshot,
} from "../models/log-model.ts";
import {
  at,
  batchAt,
  epoch,
  folder,
  hex,
  knowledgeOf,
  openClean,
  openUnclean,
  segmentFilesOf,
  segmentName,
  textOf,
} from "../support/logs.ts";
import { memoryFiles } from "../support/memory-files.ts";

const config = { segmentBytes: 600, indexIntervalBytes: 200 };

const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constant("append" as const),
      count: fc.integer({ min: 1, max: 4 }),
      size: fc.integer({ min: 8, max: 120 }),
      producer: fc.constantFrom(-1, 7, 7, 8),
      later: fc.constantFrom(0, 0, 0, 1, 2),
      // Clients' clocks go their own way.
      timestamp: fc.integer({ min: 1, max: 1000 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("lead" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("truncate" as const),
      back: fc.oneof(fc.nat(3), fc.nat(30)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom("flush", "stop", "crash") }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Pair {
  readonly files: Files;
  log: Log;
  readonly model: LogModel;
  /** How many batches each producer sent: its next sequence number, and its epoch rises with it. */
  readonly sent: Map<number, number>;
}

function take(pair: Pair, drawn: Step): void {
  const { files, model } = pair;
  switch (drawn.type) {
    case "append":
      return takeAppend(pair, drawn);
    case "lead": {
      const next = (model.epochs.at(-1)?.epoch ?? -1) + 1;
      assignEpoch(pair.log, files, epoch(next), pair.log.end);
      return beginEpoch(model, next);
    }
    case "truncate": {
      const to = Math.max(0, endOf(model) - drawn.back);
      truncateLog(pair.log, files, offset(to));
      return truncateModel(model, to);
    }
    case "flush":
      flushLog(pair.log, files);
      return;
    default:
      return restart(pair, drawn.type === "stop");
  }
}

function takeAppend(pair: Pair, drawn: Extract<Step, { type: "append" }>): void {
  const { model, sent } = pair;
  const { count, size, producer, timestamp } = drawn;
  const base = endOf(model);
  const at0 = (model.epochs.at(-1)?.epoch ?? 0) + drawn.later;
  const before = sent.get(producer) ?? 0;
  const plan = { producer, producerEpoch: Math.floor(before / 8), sequence: before * 10 };
  const known = producer < 0 ? { producer, producerEpoch: -1, sequence: -1 } : plan;
  const bytes = batchAt(base, { epoch: at0, count, size, timestamp, ...known });
  sent.set(producer, before + 1);
  appendBatches(pair.log, pair.files, at(0), bytes);
  appendToModel(model, { base, next: base + count, epoch: at0, bytes, timestamp, ...known });
}

/** Batches and their indexes are as they were; of producers a restart knows what its snapshots say. */
function restart(pair: Pair, clean: boolean): void {
  const { files, model } = pair;
  const { recoveryPoint } = pair.log;
  if (clean) {
    closeLog(pair.log, files);
    writeSnapshot(model);
  }
  forgetEmptyEpochs(model);
  const { start, end, segments } = knowledgeOf(pair.log);
  const kept = { start, end, segments, epochs: model.epochs };
  const before = segmentFilesOf(files);
  if (clean) pair.log = openClean(files, config);
  else {
    const opened = openUnclean(files, config, recoveryPoint);
    expect(opened).toMatchObject({ cutBytes: 0, cutFrom: undefined });
    pair.log = opened.log;
  }
  forgetStraySnapshots(model);
  reloadModel(model);
  expect(knowledgeOf(pair.log)).toMatchObject(kept);
  expect(segmentFilesOf(files)).toEqual(before);
}

const bigHex = (value: number): string => value.toString(16).padStart(16, "0");
const wordHex = (value: number): string => value.toString(16).padStart(8, "0");

function compare({ log, model, files }: Pair): void {
  expect(log.end).toBe(endOf(model));
  expect(log.epochs).toEqual(model.epochs);
  expect(log.producers).toEqual(modelProducers(model));
  expect(log.recoveryPoint).toBeLessThanOrEqual(log.end);
  for (let asked = -1; asked <= (model.epochs.at(-1)?.epoch ?? 0) + 1; asked++) {
    expect(endOffsetForEpoch(log, epoch(asked))).toEqual(modelEndOfEpoch(model, asked));
  }
  const expected = model.segments.flatMap((segment): [string, string][] => {
    const { base, batches } = segment;
    const index = modelIndex(segment, config.indexIntervalBytes).flat();
    const isClosed = segment !== model.segments.at(-1);
    const times = modelTimes(segment, config.indexIntervalBytes, isClosed);
    return [
      [segmentName(base), batches.map(({ bytes }) => hex(bytes)).join("")],
      [segmentName(base, "index"), index.map(wordHex).join("")],
      [
        segmentName(base, "timeindex"),
        times.map(([time = 0, last = 0]) => bigHex(time) + wordHex(last)).join(""),
      ],
    ];
  });
  expect(segmentFilesOf(files)).toEqual(new Map(expected));
  expect(log.snapshots).toEqual(model.snapshots.map(({ from }) => from));
  const named = files.list(folder).filter((name) => name.endsWith(".snapshot"));
  expect(named).toEqual(log.snapshots.map((from) => segmentName(from, "snapshot")));
  const text = textOf(files, `${folder}/leader-epoch-checkpoint`) ?? epochText([]);
  expect(text).toBe(epochText(log.epochs));
}

const question = fc.record({
  from: fc.nat(60),
  time: fc.nat(1001),
  maxBytes: fc.nat(700),
  behind: fc.nat(10),
  minOneBatch: fc.boolean(),
});

describe("a log", () => {
  test("says what a list of batches says after any appends, truncations and restarts", () => {
    let segments = 0;
    let indexed = 0;
    let timed = 0;
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 5, maxLength: 50, size: "max" }),
        fc.array(question, { minLength: 8, maxLength: 8 }),
        (steps, questions) => {
          const files = memoryFiles();
          const log = openClean(files, config);
          const pair: Pair = { files, log, model: newModel(config.segmentBytes), sent: new Map() };
          for (const drawn of steps) {
            take(pair, drawn);
            compare(pair);
          }
          for (const { behind, time, ...asked } of questions) {
            const hit = offsetForTimestamp(pair.log, files, time);
            expect(hit?.offset ?? -1).toBe(modelOffsetAt(pair.model, time));
            const upTo = Math.max(0, endOf(pair.model) - behind);
            const options = { ...asked, upTo: offset(upTo) };
            const found = readLog(pair.log, files, offset(asked.from), options);
            const expected = readModel(pair.model, asked.from, options);
            expect(hex(found)).toBe(expected.map(({ bytes }) => hex(bytes)).join(""));
          }
          segments += pair.log.segments.length;
          indexed += pair.log.segments.reduce((sum, { index }) => sum + index.count, 0);
          timed += pair.log.segments.reduce((sum, { times }) => sum + times.count, 0);
          expect(batchesOf(pair.model).length).toBeGreaterThanOrEqual(pair.log.segments.length - 1);
        },
      ),
      { numRuns: 80 },
    );
    // Else nothing was rolled or looked up.
    expect(segments).toBeGreaterThan(150);
    expect(indexed).toBeGreaterThan(150);
    expect(timed).toBeGreaterThan(150);
  });
});
