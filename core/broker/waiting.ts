import type { Millis } from "../foundation/ids.ts";
import { setTimer, type Turn } from "../foundation/turn.ts";
import type { Partition } from "../replication/partition.ts";
import { earliestDeadline, park, type Parked } from "../replication/purgatory.ts";
import type { Broker } from "./state.ts";

/** One timer serves all that waits; it may fire early, never late. */
export const purgatoryTimer = "purgatory";

/** Lets a request wait on these partitions, at most until its deadline. */
export function wait(self: Broker, parked: Parked, on: Iterable<Partition>, turn: Turn): void {
  park(self.purgatory, parked, on);
  arm(self, parked.deadline, turn);
}

function arm(self: Broker, deadline: Millis, turn: Turn): void {
  const { purgatory } = self;
  if (purgatory.timer !== undefined && purgatory.timer <= deadline) return;
  purgatory.timer = deadline;
  setTimer(turn, purgatoryTimer, deadline);
}

/** Sets the timer for what still waits; called once it has fired and what was due is answered. */
export function rearm(self: Broker, turn: Turn): void {
  self.purgatory.timer = undefined;
  const next = earliestDeadline(self.purgatory);
  if (next !== undefined) arm(self, next, turn);
}
