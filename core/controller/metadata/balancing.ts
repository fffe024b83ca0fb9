/*
 * Leaders go back to where they were placed (QuorumController's electPreferred task and
 * ReplicationControlManager.maybeBalancePartitionLeaders): after brokers went and came, a few would lead everything.
 */
import type { Turn } from "../../foundation/turn.ts";
import type { MetadataRecord } from "../../wire/metadata-records.ts";
import type { Active } from "../active.ts";
import { activeOf, decide } from "../decisions.ts";
import type { Controller } from "../state.ts";
import { armTimer } from "../timers.ts";
import type { ElectionSettings } from "./elections.ts";
import { allPartitions } from "./image.ts";
import { preferredChange } from "./operator-elections.ts";

/** At most so many elections in one batch; what is left follows at once (MAX_ELECTIONS_PER_IMBALANCE). */
const maxElections = 1000;

/** A controller begins to lead: it looks at the leaders when the interval is over, not before. */
export function beginBalancing(self: Controller, turn: Turn): void {
  const { settings } = self.config;
  if (!settings["auto.leader.rebalance.enable"]) return;
  const interval = settings["leader.imbalance.check.interval.seconds"] * 1000;
  armTimer(self, "balance", turn.now.monotonic + interval, turn);
}

/** Gives partitions to their preferred leaders where those are in sync and in service. */
export function onBalanceTimer(self: Controller, turn: Turn): void {
  const active = activeOf(self);
  if (active === undefined) return;
  const records = elections(active, self.config.settings);
  decide(self, active, records.slice(0, maxElections), undefined, turn);
  if (records.length > maxElections) armTimer(self, "balance", turn.now.monotonic, turn);
  else beginBalancing(self, turn);
}

function elections({ image }: Active, settings: ElectionSettings): MetadataRecord[] {
  const records: MetadataRecord[] = [];
  for (const place of allPartitions(image)) {
    const record = preferredChange(image, place, settings);
    if (record !== undefined) records.push(record);
  }
  return records;
}
