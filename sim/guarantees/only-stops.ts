/* Whether an ISR can shrink for other reasons than that its members stop: by what a scenario may do at all. */
import type { Scenario } from "../scenario/schema.ts";

/** Longer than any run lasts after its end: who lags for less than that never leaves an ISR for it. */
const longestAftermathMs = 240_000;

/**
 * Whether crashes and power losses of brokers are all that can shrink an ISR: no cut, pause, clean stop, fault of a
 * controller, and no replica that leaves because it lags.
 */
export function hasOnlyStops({ cluster, faults, durationMs }: Scenario): boolean {
  const patience = cluster.config["replica.lag.time.max.ms"] ?? 30_000;
  if (patience < durationMs + longestAftermathMs) return false;
  return faults.every((fault) => {
    if (fault.type === "restart") return true;
    const { type } = fault;
    if (type !== "crash" && type !== "powerLoss" && type !== "emptyDisk") return false;
    const { target } = fault;
    if ("node" in target) return target.node.startsWith("b");
    if ("nodes" in target) return target.nodes.every((name) => name.startsWith("b"));
    return "leaderOf" in target || "followersOf" in target;
  });
}
