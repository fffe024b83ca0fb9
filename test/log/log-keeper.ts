/*
 * A process that keeps one log on a simulated disk and does at random what a broker does to it. What it did stands in a
 * diary outside the world, which no fault reaches.
 */
import {
  type BrokerEpoch,
  type Files,
  type Millis,
  offset,
  type Ports,
  readBatchHeader,
  splitBatches,
} from "#core";
import type { Machine } from "#sim";
import { readOffsetCheckpoint, writeOffsetCheckpoint } from "../../core/log/checkpoints.ts";
import { takeCleanShutdown, writeCleanShutdown } from "../../core/log/clean-shutdown.ts";
import { closeLog, flushLog, type Log, openLog, truncateLog } from "../../core/log/log.ts";
import { append, bytesOf, folder, logConfig } from "../support/logs.ts";

/** The batches of a log, each by all that makes it this one and no other. */
export type State = readonly string[];

/** What a life found on the disk, beside what the life before left there. */
export interface Start {
  readonly found: State;
  readonly log: Pick<Log, "end" | "epochs" | "recoveryPoint">;
  readonly cutBytes: number;
  readonly clean: boolean;
  /** All that the log ever was before. */
  readonly past: readonly State[];
  /** What it was in the last step, which may have been cut short; the first of these is whole. */
  readonly last: readonly State[];
  /** What was flushed and not cut since, by end offset. */
  readonly safe: number;
}

export interface Diary {
  readonly starts: Start[];
  readonly states: State[];
  /** Where the last step's states begin. */
  lastFrom: number;
  safe: number;
  /** As the controller counts them: no epoch is given twice, whatever the disk forgets. */
  epoch: number;
}

interface Keeper {
  log: Log | undefined;
  closed: boolean;
}

const config = { ...logConfig, segmentBytes: 3000, indexIntervalBytes: 500 };
const recoveryPoints = "recovery-point-offset-checkpoint";

export const newDiary = (): Diary => ({ starts: [], states: [[]], lastFrom: 0, safe: 0, epoch: 0 });

export const logKeeper = (diary: Diary): Machine<unknown> => ({
  create: (): Keeper => ({ log: undefined, closed: false }),
  step: (state, now, input, ports, outbox) => {
    const self = state as Keeper;
    if (input.type === "started") start(self, ports.files, diary);
    else if (self.log !== undefined && !self.closed) act(self, self.log, ports, diary);
    const at = (now.monotonic + 1 + (ports.random() % 3)) as Millis;
    outbox.push({ type: "setTimer", timer: "next", at });
  },
});

function start(self: Keeper, files: Files, diary: Diary): void {
  const clean = takeCleanShutdown(files) !== undefined;
  const recoveryPoint = readOffsetCheckpoint(files, recoveryPoints).get(folder) ?? offset(0);
  const options = { clean, recoveryPoint, start: offset(0) };
  const { log, cutBytes } = openLog(files, folder, config, options);
  const { end, epochs } = log;
  const found = stateOf(files);
  diary.starts.push({
    found,
    log: { end, epochs, recoveryPoint: log.recoveryPoint },
    cutBytes,
    clean,
    past: [...diary.states],
    last: diary.states.slice(diary.lastFrom),
    safe: diary.safe,
  });
  writePoint(files, log);
  diary.safe = Math.min(diary.safe, log.recoveryPoint);
  diary.lastFrom = diary.states.length;
  diary.states.push(found);
  diary.epoch++;
  self.log = log;
}

function act(self: Keeper, log: Log, { files, random }: Ports, diary: Diary): void {
  diary.lastFrom = diary.states.length;
  diary.states.push(stateOf(files));
  diary.safe = log.recoveryPoint;
  const choice = random() % 20;
  if (choice < 12) {
    for (let i = random() % 4; i >= 0; i--) {
      // Mostly of one size: what comes after a cut then ends where something of before it began.
      const size = [900, 900, 900, 900, 900, 900, 40, 2500][random() % 8]!;
      append(log, files, { epoch: diary.epoch, size });
      diary.states.push(stateOf(files));
    }
  } else if (choice < 16) cut(log, files, Math.max(0, log.end - 1 - (random() % 8)), diary);
  else if (choice < 18) flushLog(log, files, offset(log.segments.at(-1)!.base));
  else if (choice < 19) {
    flushLog(log, files);
    writePoint(files, log);
  } else {
    closeLog(log, files);
    writePoint(files, log);
    writeCleanShutdown(files, 1 as BrokerEpoch);
    self.closed = true;
  }
}

/** Another leader is followed, under an epoch of its own; the recovery point is written again (LogManager.truncateTo). */
function cut(log: Log, files: Files, to: number, diary: Diary): void {
  diary.safe = Math.min(diary.safe, to);
  diary.epoch++;
  truncateLog(log, files, offset(to));
  diary.safe = Math.min(diary.safe, log.end);
  diary.states.push(stateOf(files));
  writePoint(files, log);
}

const writePoint = (files: Files, log: Log): void =>
  writeOffsetCheckpoint(files, recoveryPoints, new Map([[folder, log.recoveryPoint]]));

function stateOf(files: Files): State {
  const logs = files.list(folder).filter((name) => name.endsWith(".log"));
  return logs.flatMap((name) =>
    splitBatches(bytesOf(files, name)).map((batch) => {
      const { baseOffset, lastOffsetDelta, leaderEpoch, crc } = readBatchHeader(batch);
      return `${baseOffset}-${baseOffset + lastOffsetDelta}/${leaderEpoch} ${crc}`;
    }),
  );
}
