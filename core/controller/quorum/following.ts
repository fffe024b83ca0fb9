/*
 * A follower of the quorum: it fetches from the leader of its epoch, and what it has on its platter when it asks for
 * more counts towards a commit (KafkaRaftClient.pollFollower).
 */
import { brokerId, leaderEpoch, metadataPartition, offset } from "../../foundation/ids.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import { fetchSnapshot, type FetchSnapshotResponse } from "../../wire/api/fetch-snapshot.ts";
import { fetch, type FetchResponse } from "../../wire/api/fetch.ts";
import { DecodeError } from "../../wire/decode-error.ts";
import { errorName } from "../../wire/errors.ts";
import type { Controller, Peer } from "../state.ts";
import { applyCommitted } from "./commit.ts";
import { hearOf } from "./hearing.ts";
import { logOf } from "./log.ts";
import { askPeer, restPeer } from "./peers.ts";
import {
  beginSnapshot,
  fetchedMetadata,
  fetchedPiece,
  metadataFetch,
  snapshotFetch,
  takeFetched,
  takePiece,
} from "./replica.ts";
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

/** Asks for the next piece of a snapshot. */
export function askSnapshot(
  self: Controller,
  peer: Peer,
  piece: NonNullable<Controller["snapshots"]["fetching"]>,
  turn: Turn,
): void {
  const { config, directory, quorum } = self;
  const { clusterId, nodeId } = config;
  const body = snapshotFetch({ clusterId, nodeId, directory, epoch: quorum.epoch }, piece);
  askPeer(self, peer, fetchSnapshot, body, "snapshot", turn);
}

/** A piece of a snapshot came, asked for in this epoch. */
export function onSnapshotFetched(
  self: Controller,
  peer: Peer,
  response: FetchSnapshotResponse,
  turn: Turn,
): void {
  const answer = fetchedPiece(response);
  if (answer === undefined) return refuse(self, peer, errorName(response.errorCode), turn);
  const { leaderId, leaderEpoch: epoch } = answer.currentLeader;
  if (hearOf(self, brokerId(leaderId), leaderEpoch(epoch), turn)) return;
  const { role } = self.quorum;
  if (role.type !== "follower" || self.snapshots.fetching === undefined) return;
  if (answer.errorCode !== 0) {
    // The leader has let that one go: the next fetch tells of another.
    self.snapshots.fetching = undefined;
    return refuse(self, peer, errorName(answer.errorCode), turn);
  }
  role.fetched = true;
  if (role.fetchBy !== undefined) role.fetchBy = fetchBy(self, turn);
  const image = takePiece(self.snapshots, logOf(self), answer, turn);
  if (image === undefined) return;
  self.image = image;
  self.committed = self.applied = logOf(self).end;
  note(turn, { type: "metadataApplied", next: self.applied });
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
  if (beginSnapshot(self.snapshots, answer, turn.ports.files)) return;
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
