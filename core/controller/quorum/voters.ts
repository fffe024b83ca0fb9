import { hasFlaw } from "../../foundation/flaws.ts";
import type { BrokerId, Endpoint, Uuid } from "../../foundation/ids.ts";
import type { Controller } from "../state.ts";
import type { ReplicaKey, VoterConfig } from "./state.ts";

/** The voter that a key names: the node on the disk that it was set up with (KIP-853). */
export const voterOf = (self: Controller, key: ReplicaKey): VoterConfig | undefined =>
  self.config.voters.find(
    ({ id, directory }) =>
      id === key.id &&
      // KIP-853: whoever has lost its disk has forgotten what it had promised and what it had helped to commit.
      (directory === key.directory || hasFlaw(self.config.settings, "wiped-voter")),
  );

/** Whether this controller may vote and lead: one that came back on another disk may not. */
export const isVoter = (self: Controller): boolean => voterOf(self, ownKey(self)) !== undefined;

/** Whether what is asked of a voter on that disk is meant for this one. */
export const isOnDisk = (self: Controller, directory: Uuid): boolean =>
  directory === self.directory || hasFlaw(self.config.settings, "wiped-voter");

/** This controller's node and disk. */
export const ownKey = (self: Controller): ReplicaKey => ({
  id: self.config.nodeId,
  directory: self.directory,
});

/** The voters besides this one. */
export const otherVoters = (self: Controller): readonly VoterConfig[] =>
  self.config.voters.filter(({ id }) => id !== self.config.nodeId);

/** How many voters are more than half. */
export const majority = (self: Controller): number => Math.floor(self.config.voters.length / 2) + 1;

/** Where a controller listens; undefined for a stranger. */
export const endpointOf = (self: Controller, id: BrokerId): Endpoint | undefined =>
  self.config.voters.find((voter) => voter.id === id)?.endpoint;
