/*
 * BeginQuorumEpoch and EndQuorumEpoch (KIP-595): a leader tells the other voters that it leads, or that it stops.
 */
import {
  type BrokerId,
  brokerId,
  leaderEpoch,
  metadataTopic,
  type Millis,
} from "../../foundation/ids.ts";
import type { Turn } from "../../foundation/turn.ts";
import {
  beginQuorumEpoch,
  type BeginQuorumEpochRequest,
  type BeginQuorumEpochResponse,
} from "../../wire/api/begin-quorum-epoch.ts";
import {
  endQuorumEpoch,
  type EndQuorumEpochRequest,
  type EndQuorumEpochResponse,
} from "../../wire/api/end-quorum-epoch.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import { answer, type Caller } from "../../wire/sessions.ts";
import type { Controller, Peer } from "../state.ts";
import { hearOf } from "./hearing.ts";
import { askPeer } from "./peers.ts";
import type { Leading, Resigned, VoterConfig } from "./state.ts";
import { isOnDisk } from "./voters.ts";

/** Somebody says that it leads. */
export function onBeginQuorumEpoch(
  self: Controller,
  caller: Caller,
  request: BeginQuorumEpochRequest,
  turn: Turn,
): void {
  const said = request.topics[0]?.partitions[0];
  let error: ErrorName = "NONE";
  if (said === undefined) error = "INVALID_REQUEST";
  else if (request.clusterId !== null && request.clusterId !== self.config.clusterId)
    error = "INCONSISTENT_CLUSTER_ID";
  else if (said.leaderEpoch < self.quorum.epoch) error = "FENCED_LEADER_EPOCH";
  else if (!isOnDisk(self, said.voterDirectoryId)) error = "INVALID_VOTER_KEY";
  else hearOf(self, brokerId(said.leaderId), leaderEpoch(said.leaderEpoch), turn);
  answer(self, caller, beginQuorumEpoch, response(self, error), turn);
}

/** Its leader stops: the first of its successors stands for election at once, the others a little later. */
export function onEndQuorumEpoch(
  self: Controller,
  caller: Caller,
  request: EndQuorumEpochRequest,
  turn: Turn,
): void {
  const said = request.topics[0]?.partitions[0];
  let error: ErrorName = "NONE";
  if (said === undefined) error = "INVALID_REQUEST";
  else if (request.clusterId !== null && request.clusterId !== self.config.clusterId)
    error = "INCONSISTENT_CLUSTER_ID";
  else if (said.leaderEpoch < self.quorum.epoch) error = "FENCED_LEADER_EPOCH";
  else {
    hearOf(self, brokerId(said.leaderId), leaderEpoch(said.leaderEpoch), turn);
    const place = said.preferredCandidates.findIndex(
      ({ candidateId }) => candidateId === self.config.nodeId,
    );
    const { role, leader } = self.quorum;
    if (role.type === "follower" && leader === said.leaderId && role.fetchBy !== undefined)
      role.fetchBy = (turn.now.monotonic + successionWait(self, place)) as Millis;
  }
  answer(self, caller, endQuorumEpoch, response(self, error), turn);
}

/** KafkaRaftClient.endEpochElectionBackoff: none for the first, twice as long for each that follows. */
function successionWait(self: Controller, place: number): number {
  if (place === 0) return 0;
  const most = self.config.settings["controller.quorum.election.backoff.max.ms"];
  let wait = 100;
  for (let i = 1; i < place && wait < most; i++) wait *= 2;
  return place < 0 || wait > most ? most : wait;
}

const response = (self: Controller, error: ErrorName) => {
  const { leader: leaderId, epoch } = self.quorum;
  const partition = {
    partitionIndex: 0,
    errorCode: errorCode(error),
    leaderId,
    leaderEpoch: epoch,
  };
  return { errorCode: 0, topics: [{ topicName: metadataTopic, partitions: [partition] }] };
};

/** Tells a voter who leads. */
export function askBegin(self: Controller, voter: VoterConfig, peer: Peer, turn: Turn): void {
  const partition = {
    partitionIndex: 0,
    voterDirectoryId: voter.directory,
    leaderId: self.config.nodeId,
    leaderEpoch: self.quorum.epoch,
  };
  const body = {
    clusterId: self.config.clusterId,
    voterId: voter.id,
    topics: [{ topicName: metadataTopic, partitions: [partition] }],
    leaderEndpoints: endpoints(self),
  };
  askPeer(self, peer, beginQuorumEpoch, body, "begin", turn);
}

/** Tells a voter that this leader stops, and who should follow it. */
export function askEnd(self: Controller, role: Resigned, peer: Peer, turn: Turn): void {
  const candidates = role.successors.flatMap((id) => {
    const voter = self.config.voters.find((one) => one.id === id);
    return voter === undefined
      ? []
      : [{ candidateId: voter.id, candidateDirectoryId: voter.directory }];
  });
  const partition = {
    partitionIndex: 0,
    leaderId: self.config.nodeId,
    leaderEpoch: self.quorum.epoch,
    preferredCandidates: candidates,
  };
  const body = {
    clusterId: self.config.clusterId,
    topics: [{ topicName: metadataTopic, partitions: [partition] }],
    leaderEndpoints: endpoints(self),
  };
  askPeer(self, peer, endQuorumEpoch, body, "end", turn);
}

const endpoints = ({ config }: Controller) => [
  { name: "CONTROLLER", host: config.endpoint.host, port: config.endpoint.port },
];

/** A voter answered that it knows its leader, or knows better. */
export function onBegun(
  self: Controller,
  voter: VoterConfig,
  { topics }: BeginQuorumEpochResponse,
  turn: Turn,
): void {
  if (heard(self, topics, turn)) return;
  const { role } = self.quorum;
  if (role.type !== "leader" || topics[0]?.partitions[0]?.errorCode !== 0) return;
  const remote = role.remotes.get(voter.id);
  if (remote !== undefined) remote.acknowledged = true;
}

/** A voter knows now that this leader stopped. */
export function onEnded(
  self: Controller,
  voter: VoterConfig,
  { topics }: EndQuorumEpochResponse,
  turn: Turn,
): void {
  if (heard(self, topics, turn)) return;
  if (self.quorum.role.type === "resigned") self.quorum.role.toTell.delete(voter.id);
}

function heard(self: Controller, topics: BeginQuorumEpochResponse["topics"], turn: Turn): boolean {
  const said = topics[0]?.partitions[0];
  if (said === undefined) return false;
  return hearOf(self, brokerId(said.leaderId), leaderEpoch(said.leaderEpoch), turn);
}

/** The other voters, those whose logs are furthest first. */
export function successors(role: Leading): readonly BrokerId[] {
  return [...role.remotes].sort(([, a], [, b]) => b.end - a.end).map(([id]) => id);
}
