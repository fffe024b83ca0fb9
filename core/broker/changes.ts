/*
 * Who must hear that a partition has changed, besides those who wait on it: the fetch sessions in which it rests, and
 * the fetch loop that tells its leader where this replica stands.
 */
import { stir } from "../replication/fetch-sessions.ts";
import type { Broker } from "./state.ts";

/** Tells of all that this step has changed so far; before a fetch is served or sent, so that it sees things as they are. */
export function spreadChanges(self: Broker): void {
  for (const name of self.dirty) spreadChange(self, name);
}

/** Tells of one partition. To tell twice does no harm. */
export function spreadChange(self: Broker, name: string): void {
  stir(self.fetchSessions, name, self.partitions);
  const role = self.partitions.get(name)?.role;
  if (role?.type === "follower") self.fetchers.get(role.leader)?.changed.add(name);
}
