import type { BrokerSettings } from "../foundation/settings.ts";
import type { LogConfig } from "./state.ts";

/** How a process keeps its logs, as far as a topic says nothing else. */
export const logConfigOf = (settings: BrokerSettings): LogConfig => ({
  segmentBytes: settings["log.segment.bytes"],
  indexIntervalBytes: settings["log.index.interval.bytes"],
  indexMaxBytes: settings["log.index.size.max.bytes"],
  flushMessages: settings["log.flush.interval.messages"],
  rollMs: settings["log.roll.ms"],
  maxBatchBytes: settings["message.max.bytes"],
  producerIdExpirationMs: settings["producer.id.expiration.ms"],
  retentionMs: settings["log.retention.ms"],
  retentionBytes: settings["log.retention.bytes"],
});
