/*
 * Which replica a consumer should rather read from (KIP-392; Kafka's ReplicaManager.findPreferredReadReplica and
 * RackAwareReplicaSelector): one in its own rack that is in sync and holds what it asks for, the one that holds most.
 */
import type { BrokerId, Offset } from "../foundation/ids.ts";
import type { Partition, ReplicationView } from "./partition.ts";

/** The replica to read from instead of this leader; undefined: none. `rack`: the consumer's. */
export function preferredReplica(
  { role, isr }: Partition,
  rack: string,
  wanted: Offset,
  view: ReplicationView,
): BrokerId | undefined {
  if (rack === "" || role.type !== "leader" || rackOf(view, view.self) === rack) return undefined;
  let best: BrokerId | undefined;
  let most = -1;
  for (const { id, start, end } of role.remote.values()) {
    if (!isr.includes(id) || rackOf(view, id) !== rack) continue;
    // Whoever does not hold the offset would send the consumer away again.
    if (end < wanted || start > wanted || end <= most) continue;
    best = id;
    most = end;
  }
  return best;
}

/** The rack of a broker that clients can reach. */
function rackOf(view: ReplicationView, id: BrokerId): string | undefined {
  const standing = view.brokers.get(id);
  return standing === undefined || standing.fenced ? undefined : (standing.rack ?? undefined);
}
