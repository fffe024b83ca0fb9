import { leaderEpoch, millis, type Offset, offset } from "../../foundation/ids.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import type { AssignedPartition } from "./state.ts";

/** A partition that was just assigned; it stands nowhere yet. */
export const newAssigned = (name: string, topic: string, partition: number): AssignedPartition => ({
  name,
  topic,
  partition,
  position: undefined,
  lastEpoch: leaderEpoch(-1),
  buffered: [],
  fetchedTo: offset(0),
  fetching: false,
  preferred: undefined,
  retryAt: millis(0),
  failures: 0,
  lost: false,
});

/** Moves the position other than by handing out records. */
export function seekTo(
  partition: AssignedPartition,
  at: Offset,
  epoch: number,
  why: "start" | "outOfRange" | "seek" | "truncation",
  turn: Turn,
): void {
  partition.position = at;
  partition.fetchedTo = at;
  partition.lastEpoch = leaderEpoch(epoch);
  partition.buffered = [];
  partition.retryAt = millis(0);
  partition.failures = 0;
  partition.lost = false;
  const told = { offset: at, epoch: partition.lastEpoch };
  note(turn, { type: "positionReset", partition: partition.name, ...told, why });
}
