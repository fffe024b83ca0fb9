import type { Turn } from "../../foundation/turn.ts";
import { metadataRecord } from "../../wire/metadata-records.ts";
import { decide } from "../decisions.ts";
import { beginBalancing } from "../metadata/balancing.ts";
import { beginSessions } from "../metadata/heartbeats.ts";
import { copyImage, eligibleLeadersFeature } from "../metadata/image.ts";
import type { Controller } from "../state.ts";
import { logOf } from "./log.ts";
import type { Leading } from "./state.ts";

/** Kafka's name for what the cluster may use; brokers and clients of 4.0 know this level. */
const metadataVersion = { name: "metadata.version", featureLevel: 25 } as const;

/**
 * The LeaderChange record is committed, and with it all that came before: this controller may decide now
 * (QuorumController.claim).
 */
export function activate(self: Controller, role: Leading, turn: Turn): void {
  if (role.active !== undefined || self.applied <= role.start) return;
  const active = {
    image: copyImage(self.image),
    next: logOf(self).end,
    unwritten: [],
    waiting: [],
    heartbeats: new Map(),
  };
  role.active = active;
  if (!self.image.features.has(metadataVersion.name)) {
    const level = self.config.settings[eligibleLeadersFeature];
    const features = [metadataVersion, { name: eligibleLeadersFeature, featureLevel: level }];
    const records = features
      .filter(({ featureLevel }) => featureLevel > 0)
      .map((feature) => metadataRecord({ type: "featureLevel", ...feature }));
    decide(self, active, records, undefined, turn);
  }
  beginSessions(self, active, turn);
  beginBalancing(self, turn);
}
