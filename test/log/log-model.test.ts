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
  type LogModel,
  modelEndOfEpoch,
  modelIndex,
  modelProducers,
  newModel,
  readModel,
  truncateModel,
} from "../models/log-model.ts";
import {
  at,
  batchAt,
  contentsOf,
  epoch,
  folder,
  hex,
  knowledgeOf,
  openClean,
  openUnclean,
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
  const { count, size, producer } = drawn;
  const base = endOf(model);
  const at0 = (model.epochs.at(-1)?.epoch ?? 0) + drawn.later;
  const before = sent.get(producer) ?? 0;
  const plan = { producer, producerEpoch: Math.floor(before / 8), sequence: before * 10 };
  const known = producer < 0 ? { producer, producerEpoch: -1, sequence: -1 } : plan;
  const bytes = batchAt(base, { epoch: at0, count, size, ...known });
  sent.set(producer, before + 1);
  appendBatches(pair.log, pair.files, at(0), bytes);
  appendToModel(model, { base, next: base + count, epoch: at0, bytes, ...known });
}

function restart(pair: Pair, clean: boolean): void {
  const { files } = pair;
  const { recoveryPoint } = pair.log;
  if (clean) closeLog(pair.log, files);
  forgetEmptyEpochs(pair.model);
  const kept = { ...knowledgeOf(pair.log), epochs: pair.model.epochs };
  const before = contentsOf(files);
  if (clean) pair.log = openClean(files, config);
  else {
    const opened = openUnclean(files, config, recoveryPoint);
    expect(opened).toMatchObject({ cutBytes: 0, cutFrom: undefined });
    pair.log = opened.log;
  }
  expect(knowledgeOf(pair.log)).toEqual(kept);
  before.delete("leader-epoch-checkpoint");
  const after = contentsOf(files);
  after.delete("leader-epoch-checkpoint");
  expect(after).toEqual(before);
}

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
    return [
      [segmentName(base), batches.map(({ bytes }) => hex(bytes)).join("")],
      [
        segmentName(base, "index"),
        index.map((value) => value.toString(16).padStart(8, "0")).join(""),
      ],
    ];
  });
  const found = contentsOf(files);
  found.delete("leader-epoch-checkpoint");
  expect(found).toEqual(new Map(expected));
  const text = textOf(files, `${folder}/leader-epoch-checkpoint`) ?? epochText([]);
  expect(text).toBe(epochText(log.epochs));
}

const question = fc.record({
  from: fc.nat(60),
  maxBytes: fc.nat(700),
  behind: fc.nat(10),
  minOneBatch: fc.boolean(),
});

describe("a log", () => {
  test("says what a list of batches says after any appends, truncations and restarts", () => {
    let segments = 0;
    let indexed = 0;
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
          for (const { behind, ...asked } of questions) {
            const upTo = Math.max(0, endOf(pair.model) - behind);
            const options = { ...asked, upTo: offset(upTo) };
            const found = readLog(pair.log, files, offset(asked.from), options);
            const expected = readModel(pair.model, asked.from, options);
            expect(hex(found)).toBe(expected.map(({ bytes }) => hex(bytes)).join(""));
          }
          segments += pair.log.segments.length;
          indexed += pair.log.segments.reduce((sum, { index }) => sum + index.count, 0);
          expect(batchesOf(pair.model).length).toBeGreaterThanOrEqual(pair.log.segments.length - 1);
        },
      ),
      { numRuns: 80 },
    );
    // Else nothing was rolled or looked up.
    expect(segments).toBeGreaterThan(150);
    expect(indexed).toBeGreaterThan(150);
  });
});
