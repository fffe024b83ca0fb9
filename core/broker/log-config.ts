import { brokerKeyOf } from "../controller/metadata/topic-configs.ts";
import { logConfigOf } from "../log/config.ts";
import type { LogConfig } from "../log/log.ts";
import type { Broker } from "./state.ts";

/** A topic's setting as it was last changed: its own, this broker's, that of all brokers; undefined: nobody changed it. */
export function changedSetting(self: Broker, topic: string, key: string): string | undefined {
  const { configs } = self.image;
  const ofBroker = brokerKeyOf(key);
  return (
    configs.get(`topic/${topic}`)?.get(key) ??
    configs.get(`broker/${self.config.nodeId}`)?.get(ofBroker) ??
    configs.get("broker/")?.get(ofBroker)
  );
}

/** How the logs of a topic are kept. */
export function topicLogConfig(self: Broker, topic: string): LogConfig {
  const config = logConfigOf(self.config.settings);
  const number = (key: string, fallback: number): number =>
    Number(changedSetting(self, topic, key) ?? fallback);
  return {
    ...config,
    segmentBytes: number("segment.bytes", config.segmentBytes),
    flushMessages: number("flush.messages", config.flushMessages),
    retentionMs: number("retention.ms", config.retentionMs),
    retentionBytes: number("retention.bytes", config.retentionBytes),
  };
}
