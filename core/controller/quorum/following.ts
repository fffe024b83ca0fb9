/*
 * A follower of the quorum: it fetches from the leader of its epoch, and what it has on its platter when it asks for
 * more counts towards a commit (KafkaRaftClient.pollFollower).
 */
import { brokerId, leaderEpoch, offset } from "../../foundation/ids.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import { fetch, type FetchResponse } from "../../wire/api/fetch.ts";
import { DecodeError } from "../../wire/decode-error.ts";
import { errorName } from "../../wire/errors.ts";
import type { Controller, Peer } from "../state.ts";
import { applyCommitted } from "./commit.ts";
import { hearOf } from "./hearing.ts";
import { logOf, metadataPartition } from "./log.ts";
import { askPeer, restPeer } from "./peers.ts";
import { fetchedMetadata, metadataFetch, takeFetched } from "./replica.ts";
import { fetchBy } from "./roles.ts";
import { isVoter } from "./voters.ts";

/** Asks for what follows its log. */
export function askFetch(self: Controller, peer: Peer, turn: Turn): void {
  const { config, directory, quorum } = self;
  const { clusterId, nodeId } = config;
  const body = metadataFetch({
    clusterId,
    nodeId,
    directory,
    log: logOf(self),
    epoch: quorum.epoch,
  });
  askPeer(self, peer, fetch, body, "fetch", turn);
}

/** The answer to a fetch that was asked in this epoch. */
export function onQuorumFetched(
  self: Controller,
  peer: Peer,
  response: FetchResponse,
  turn: Turn,
): void {
  const answer = fetchedMetadata(response);
  if (answer === undefined) return refuse(self, peer, errorName(response.errorCode), turn);
  const { leaderId, leaderEpoch: epoch } = answer.currentLeader;
  if (hearOf(self, brokerId(leaderId), leaderEpoch(epoch), turn)) return;
  if (answer.errorCode !== 0) return refuse(self, peer, errorName(answer.errorCode), turn);
  const { role } = self.quorum;
  if (role.type !== "follower") return;
  role.fetched = true;
  if (role.fetchBy !== undefined) role.fetchBy = fetchBy(self, turn);
  const log = logOf(self);
  try {
    if (!takeFetched(log, answer, self.applied, isVoter(self), turn))
      return refuse(self, peer, "INCONSISTENT_VOTER_SET", turn);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return refuse(self, peer, "CORRUPT_MESSAGE", turn);
  }
  const mark = Math.min(answer.highWatermark, log.end);
  if (mark > self.committed) self.committed = offset(mark);
  applyCommitted(self, turn);
}

function refuse(self: Controller, peer: Peer, error: string, turn: Turn): void {
  note(turn, { type: "refused", api: "Fetch", partition: metadataPartition, error });
  restPeer(self, peer, turn);
}
