import type { BrokerId, LeaderEpoch } from "../../foundation/ids.ts";
import type { Turn } from "../../foundation/turn.ts";
import type { Controller } from "../state.ts";
import { becomeFollower, becomeUnattached } from "./roles.ts";
import { endpointOf } from "./voters.ts";

/**
 * Another controller says who leads which epoch (KafkaRaftClient.maybeHandleCommonResponse): a later epoch, or the
 * leader of this one, is news; what is older says nothing. Returns whether this replica's role changed.
 */
export function hearOf(
  self: Controller,
  leader: BrokerId,
  epoch: LeaderEpoch,
  turn: Turn,
): boolean {
  const { quorum } = self;
  if (epoch < quorum.epoch || leader === self.config.nodeId) return false;
  const known = leader !== -1 && endpointOf(self, leader) !== undefined;
  if (known && (epoch > quorum.epoch || quorum.leader === -1)) {
    becomeFollower(self, leader, epoch, turn);
    return true;
  }
  if (epoch === quorum.epoch) return false;
  becomeUnattached(self, epoch, turn);
  return true;
}
