import type { LogConfig } from "../log/log.ts";
import type { Broker } from "./state.ts";

/** How logs of this broker are kept. */
export function logConfig(self: Broker): LogConfig {
  const { settings } = self.config;
  return {
    segmentBytes: settings["log.segment.bytes"],
    indexIntervalBytes: settings["log.index.interval.bytes"],
    indexMaxBytes: settings["log.index.size.max.bytes"],
    flushMessages: settings["log.flush.interval.messages"],
    rollMs: settings["log.roll.ms"],
    maxBatchBytes: settings["message.max.bytes"],
    producerIdExpirationMs: settings["producer.id.expiration.ms"],
  };
}
