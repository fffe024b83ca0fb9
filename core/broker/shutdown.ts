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
  const { epoch, previousEpoch } = self.lifecycle;
  // Who was not registered in this life still has everything that it had when it last was: it stays eligible.
  writeCleanShutdown(files, brokerEpoch(epoch === -1 ? previousEpoch : epoch));
  turn.outbox.push({ type: "exit" });
}
