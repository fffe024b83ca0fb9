/*
 * What a broker does by itself, each as an input of its own, so that power may fail in between: checkpoints,
 * the fsync after a roll, the look at who has fallen behind.
 */
import type { Offset } from "../foundation/ids.ts";
import { metadataPartition } from "../foundation/ids.ts";
import { note, setTimer, type Turn } from "../foundation/turn.ts";
import { activeSegment, deleteOldSegments, flushLog, type Log, needsFlush } from "../log/log.ts";
import { writeOffsetCheckpoint } from "../log/checkpoints.ts";
import { proposeShrink } from "../replication/isr.ts";
import type { Broker } from "./state.ts";
import { viewOf } from "./view.ts";

export const highWatermarkFile = "replication-offset-checkpoint";
export const recoveryPointFile = "recovery-point-offset-checkpoint";
export const logStartFile = "log-start-offset-checkpoint";

/** Sets the timers that come round for ever. */
export function startBackground(self: Broker, turn: Turn): void {
  for (const [timer, interval] of rounds(self))
    setTimer(turn, timer, turn.now.monotonic + interval);
}

const rounds = (self: Broker): [string, number][] => {
  const { settings } = self.config;
  return [
    ["isr", Math.max(1, Math.floor(settings["replica.lag.time.max.ms"] / 2))],
    ["highWatermarks", settings["replica.high.watermark.checkpoint.interval.ms"]],
    ["recoveryPoints", settings["log.flush.offset.checkpoint.interval.ms"]],
    ["logStarts", settings["log.flush.start.offset.checkpoint.interval.ms"]],
    ["retention", settings["log.retention.check.interval.ms"]],
  ];
};

/** Handles a timer of the background; false if it is none. */
export function onBackgroundTimer(self: Broker, timer: string, turn: Turn): boolean {
  if (timer === "flush") {
    self.timers.delete("flush");
    flushRolled(self, turn);
    return true;
  }
  const round = rounds(self).find(([name]) => name === timer);
  if (round === undefined) return false;
  if (timer === "isr") {
    for (const partition of self.partitions.values()) {
      proposeShrink(partition, viewOf(self), turn);
      // All others stay at rest.
      const { role } = partition;
      if (role.type === "leader" && role.pendingIsr !== undefined) self.dirty.add(partition.name);
    }
  } else if (timer === "highWatermarks") writeHighWatermarks(self, turn);
  else if (timer === "logStarts") writeLogStarts(self, turn);
  else if (timer === "retention") cleanLogs(self, turn);
  else writeRecoveryPoints(self, turn);
  setTimer(turn, timer, turn.now.monotonic + round[1]);
  return true;
}

/** Lets go what retention does not keep, on leaders and followers alike (LogManager.cleanupLogs). */
function cleanLogs(self: Broker, turn: Turn): void {
  for (const { name, log, highWatermark } of self.partitions.values()) {
    if (!deleteOldSegments(log, turn.ports.files, turn.now, highWatermark)) continue;
    note(turn, { type: "logStartRaised", partition: name, to: log.start, why: "retention" });
    self.dirty.add(name);
  }
}

/** After a roll the closed segment is flushed soon, but not within the append (UnifiedLog's "flush-log"). */
export function planFlush(self: Broker, turn: Turn): void {
  if (self.timers.has("flush")) return;
  self.timers.add("flush");
  setTimer(turn, "flush", turn.now.monotonic + 1);
}

/** After a cut the stored recovery point may lie above what is flushed: it is written again soon (LogManager.truncateTo). */
export function planRecoveryPoints(turn: Turn): void {
  setTimer(turn, "recoveryPoints", turn.now.monotonic + 1);
}

function flushRolled(self: Broker, turn: Turn): void {
  for (const partition of self.partitions.values()) {
    if (!needsFlush(partition.log)) continue;
    // What is written to goes on in the page cache alone.
    const to = flushLog(partition.log, turn.ports.files, activeSegment(partition.log).base);
    note(turn, { type: "flushed", partition: partition.name, to });
  }
}

export function writeCheckpoints(self: Broker, turn: Turn): void {
  writeRecoveryPoints(self, turn);
  writeHighWatermarks(self, turn);
  writeLogStarts(self, turn);
}

/** Only of logs that begin behind their first segment: the others say it themselves (LogManager.checkpointLogStartOffsets). */
function writeLogStarts(self: Broker, turn: Turn): void {
  const starts = new Map<string, Offset>();
  const add = (name: string, { start, segments }: Log): void => {
    if (start > (segments[0]?.base ?? start)) starts.set(name, start);
  };
  for (const [name, { log }] of self.orphans) add(name, log);
  for (const { name, log } of self.partitions.values()) add(name, log);
  writeOffsetCheckpoint(turn.ports.files, logStartFile, starts);
}

function writeHighWatermarks(self: Broker, turn: Turn): void {
  const marks = new Map<string, Offset>();
  for (const [name, { highWatermark }] of self.orphans) marks.set(name, highWatermark);
  for (const { name, highWatermark } of self.partitions.values()) marks.set(name, highWatermark);
  writeOffsetCheckpoint(turn.ports.files, highWatermarkFile, marks);
}

function writeRecoveryPoints(self: Broker, turn: Turn): void {
  const points = new Map<string, Offset>();
  for (const [name, { log }] of self.orphans) points.set(name, log.recoveryPoint);
  for (const { name, log } of self.partitions.values()) points.set(name, log.recoveryPoint);
  if (self.metadata !== undefined) {
    points.set(metadataPartition, self.metadata.log.recoveryPoint);
  }
  writeOffsetCheckpoint(turn.ports.files, recoveryPointFile, points);
}
