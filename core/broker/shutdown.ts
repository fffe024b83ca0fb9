import { brokerEpoch } from "../foundation/ids.ts";
import type { Turn } from "../foundation/turn.ts";
import { closeLog } from "../log/log.ts";
import { writeCleanShutdown } from "../log/clean-shutdown.ts";
import { writeCheckpoints } from "./background.ts";
import type { Broker } from "./state.ts";

/** Flushes every log, writes the checkpoints and only then the marker that the next start may trust. */
export function shutDown(self: Broker, turn: Turn): void {
  const { files } = turn.ports;
  for (const partition of self.partitions.values()) closeLog(partition.log, files);
  for (const { log } of self.orphans.values()) closeLog(log, files);
  if (self.metadata !== undefined) closeLog(self.metadata.log, files);
  writeCheckpoints(self, turn);
  writeCleanShutdown(files, brokerEpoch(self.lifecycle.epoch));
  turn.outbox.push({ type: "exit" });
}
