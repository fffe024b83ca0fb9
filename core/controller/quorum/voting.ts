/*
 * Elections (KafkaRaftClient.handleVoteRequest and pollCandidate, KIP-595, KIP-996). A voter grants one vote per epoch,
 * and only to a log that is no shorter than its own; a pre-vote binds nobody, and who hears a leader refuses it.
 */
import { brokerId, leaderEpoch, metadataTopic, type Offset, offset } from "../../foundation/ids.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import { lastEpoch } from "../../log/log.ts";
import { vote, type VoteRequest, type VoteResponse } from "../../wire/api/vote.ts";
import { errorCode, type ErrorName, errorName } from "../../wire/errors.ts";
import { answer, type Caller } from "../../wire/sessions.ts";
import type { Controller, Peer } from "../state.ts";
import { beginLeading } from "./leading.ts";
import { logOf } from "./log.ts";
import { hearOf } from "./hearing.ts";
import { askPeer } from "./peers.ts";
import { becomeCandidate, becomeUnattached, giveUpAsking, giveVote } from "./roles.ts";
import type { Nominee, ReplicaKey, VoterConfig } from "./state.ts";
import { isOnDisk, majority, ownKey, voterOf } from "./voters.ts";

type Asked = VoteRequest["topics"][number]["partitions"][number];

/** Somebody asks for this replica's vote, or whether it would give it. */
export function onVote(self: Controller, caller: Caller, request: VoteRequest, turn: Turn): void {
  const asked = request.topics[0]?.partitions[0];
  if (request.clusterId !== null && request.clusterId !== self.config.clusterId)
    return answerVote(self, caller, "INCONSISTENT_CLUSTER_ID", false, turn);
  if (asked === undefined) return answerVote(self, caller, "INVALID_REQUEST", false, turn);
  const { quorum } = self;
  if (asked.candidateEpoch < quorum.epoch)
    return answerVote(self, caller, "FENCED_LEADER_EPOCH", false, turn);
  const candidate = { id: brokerId(asked.candidateId), directory: asked.candidateDirectoryId };
  if (!isOnDisk(self, asked.voterDirectoryId) || voterOf(self, candidate) === undefined)
    return answerVote(self, caller, "INVALID_VOTER_KEY", false, turn);
  if (asked.candidateEpoch > quorum.epoch)
    becomeUnattached(self, leaderEpoch(asked.candidateEpoch), turn);
  const granted = mayGrant(self, candidate, asked);
  if (granted && !asked.preVote && quorum.voted === undefined) giveVote(self, candidate, turn);
  note(turn, {
    type: "voted",
    epoch: quorum.epoch,
    candidate: candidate.id,
    preVote: asked.preVote,
    granted,
  });
  answerVote(self, caller, "NONE", granted, turn);
}

/** EpochState.canGrantVote of each state. */
function mayGrant(self: Controller, candidate: ReplicaKey, asked: Asked): boolean {
  const { role, voted, leader } = self.quorum;
  const upToDate = isUpToDate(self, asked.lastOffsetEpoch, offset(asked.lastOffset));
  switch (role.type) {
    case "unattached":
    case "prospective":
      if (asked.preVote) return upToDate;
      if (voted !== undefined)
        return voted.id === candidate.id && voted.directory === candidate.directory;
      return leader === -1 && upToDate;
    case "follower":
      return asked.preVote && upToDate && !role.fetched;
    case "candidate":
    case "resigned":
      return asked.preVote && upToDate;
    case "leader":
      return false;
  }
}

/** Whether a log that ends so holds all that this one may have helped to commit. */
function isUpToDate(self: Controller, epoch: number, end: Offset): boolean {
  const log = logOf(self);
  const own = lastEpoch(log);
  return epoch > own || (epoch === own && end >= log.end);
}

function answerVote(
  self: Controller,
  caller: Caller,
  error: ErrorName,
  voteGranted: boolean,
  turn: Turn,
): void {
  const { leader: leaderId, epoch } = self.quorum;
  const partition = {
    partitionIndex: 0,
    errorCode: errorCode(error),
    leaderId,
    leaderEpoch: epoch,
    voteGranted,
  };
  const topics = [{ topicName: metadataTopic, partitions: [partition] }];
  answer(self, caller, vote, { errorCode: 0, topics }, turn);
}

/** Asks one voter, if it has not answered in this round yet. */
export function askVote(
  self: Controller,
  role: Nominee,
  voter: VoterConfig,
  peer: Peer,
  turn: Turn,
): void {
  if (role.granted.has(voter.id) || role.rejected.has(voter.id)) return;
  const log = logOf(self);
  const { id, directory } = ownKey(self);
  const partition = {
    partitionIndex: 0,
    candidateEpoch: self.quorum.epoch,
    candidateId: id,
    candidateDirectoryId: directory,
    voterDirectoryId: voter.directory,
    lastOffsetEpoch: lastEpoch(log),
    lastOffset: log.end,
    preVote: role.type === "prospective",
  };
  const topics = [{ topicName: metadataTopic, partitions: [partition] }];
  const body = { clusterId: self.config.clusterId, voterId: voter.id, topics };
  askPeer(self, peer, vote, body, role.type, turn);
}

/** A voter answered; the question was asked in this epoch and role. */
export function onVoted(
  self: Controller,
  voter: VoterConfig,
  response: VoteResponse,
  turn: Turn,
): void {
  const partition = response.topics[0]?.partitions[0];
  if (partition === undefined) return;
  const error = errorName(partition.errorCode);
  const { leaderId, leaderEpoch: epoch } = partition;
  if (hearOf(self, brokerId(leaderId), leaderEpoch(epoch), turn)) return;
  const { role } = self.quorum;
  if (role.type !== "prospective" && role.type !== "candidate") return;
  if (error !== "NONE" && error !== "INVALID_VOTER_KEY") return;
  if (partition.voteGranted) role.granted.add(voter.id);
  else role.rejected.add(voter.id);
  count(self, role, turn);
}

/** Enough said yes, or enough said no. */
export function count(self: Controller, role: Nominee, turn: Turn): void {
  if (role.granted.size >= majority(self)) {
    if (role.type === "candidate") beginLeading(self, role, turn);
    else becomeCandidate(self, turn);
  } else if (self.config.voters.length - role.rejected.size < majority(self)) {
    // A candidate waits for the rest of its time; one that only asked goes back to what it was.
    if (role.type === "prospective") giveUpAsking(self, turn);
  }
}
