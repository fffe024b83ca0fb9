/*
 * The metadata log of a controller on its disk: opened, appended to, flushed. A leader flushes before it counts itself,
 * a voter before it asks for more.
 */
import { must } from "../../foundation/assert.ts";
import { leaderEpoch, metadataPartition, offset } from "../../foundation/ids.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import { logConfigOf } from "../../log/config.ts";
import { appendBatches, flushLog, type Log, type LogConfig, openLog } from "../../log/log.ts";
import type { BrokerSettings } from "../../foundation/settings.ts";
import type { Controller } from "../state.ts";

/** The log of a controller that has started. */
export const logOf = (self: Controller): Log =>
  must(self.log, "a controller that has started has its log");

/** Opens what the disk holds. */
export function openMetadataLog(self: Controller, turn: Turn): void {
  // All that was ever counted was flushed, so that a stop needs no marker and whatever is sound may stay.
  const none = { clean: false, recoveryPoint: offset(0), start: offset(0) };
  const config = metadataLogConfig(self.config.settings);
  const { log, cutBytes } = openLog(turn.ports.files, metadataPartition, config, none);
  self.log = log;
  note(turn, {
    type: "logOpened",
    partition: metadataPartition,
    clean: false,
    start: log.start,
    end: log.end,
    highWatermark: log.start,
    cutBytes,
  });
}

/** How the metadata log is kept, by controllers and by brokers: snapshots bound it, not its age or its size. */
export const metadataLogConfig = (settings: BrokerSettings): LogConfig => ({
  ...logConfigOf(settings),
  retentionMs: -1,
  retentionBytes: -1,
});

/** Appends whole batches and flushes them. @throws DecodeError if they do not follow the log's end. */
export function appendFlushed(
  log: Log,
  bytes: Uint8Array,
  role: "leader" | "follower",
  turn: Turn,
): void {
  appendMetadata(log, bytes, role, turn);
  flushLog(log, turn.ports.files);
}

/** Appends whole batches; they stay in the page cache. @throws DecodeError if they do not follow the log's end. */
export function appendMetadata(
  log: Log,
  bytes: Uint8Array,
  role: "leader" | "follower",
  turn: Turn,
): void {
  for (const { header, base, next } of appendBatches(log, turn.ports.files, turn.now, bytes)) {
    const { crc, length } = header;
    const epoch = leaderEpoch(header.leaderEpoch);
    note(turn, { type: "metadataAppended", role, base, next, epoch, crc, length });
  }
}
