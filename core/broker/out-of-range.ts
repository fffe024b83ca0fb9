/*
 * A follower whose log end its leader's log does not reach, or has let go (AbstractFetcherThread.fetchOffsetAndTruncate):
 * it asks where the leader's log ends, then where it begins, and cuts its own log or begins it anew there.
 */
import type { BrokerId, LeaderEpoch } from "../foundation/ids.ts";
import { offset } from "../foundation/ids.ts";
import { note, type Turn } from "../foundation/turn.ts";
import { restartReplica, truncateReplica } from "../replication/follower.ts";
import { listOffsets, type ListOffsetsResponse } from "../wire/api/list-offsets.ts";
import { errorName } from "../wire/errors.ts";
import { ask } from "../wire/channel.ts";
import { planRecoveryPoints } from "./background.ts";
import type { Broker, Fetcher } from "./state.ts";

/** Which end of the leader's log is asked for. */
export type LogEdge = "latest" | "earliest";

/** What was asked of a leader about its log, and under which epoch. */
export interface EdgeQuestion {
  readonly name: string;
  readonly edge: LogEdge;
  readonly epoch: LeaderEpoch;
}

/** Asks for one edge of the leader's log, on the connection on which this broker fetches from it. */
export function askEdge(
  self: Broker,
  fetcher: Fetcher,
  name: string,
  edge: LogEdge,
  turn: Turn,
): boolean {
  const partition = self.partitions.get(name);
  if (partition === undefined) return false;
  const { topic, index: partitionIndex, leaderEpoch: epoch } = partition;
  const timestamp = edge === "latest" ? -1 : -2;
  const partitions = [{ partitionIndex, currentLeaderEpoch: epoch, timestamp }];
  const { nodeId, settings } = self.config;
  const body = { replicaId: nodeId, isolationLevel: 0, topics: [{ name: topic, partitions }] };
  const question: EdgeQuestion = { name, edge, epoch };
  const purpose = { type: "edge", leader: fetcher.leader, question } as const;
  ask(
    self,
    fetcher.channel,
    listOffsets,
    body,
    purpose,
    settings["replica.socket.timeout.ms"],
    turn,
  );
  return true;
}

/**
 * Acts on what the leader said. `next`: its log is not shorter than ours, so it must begin later; `failed`: to be asked
 * again after a while; `done`: the next fetch may go.
 */
export function takeEdge(
  self: Broker,
  leader: BrokerId,
  question: EdgeQuestion,
  response: ListOffsetsResponse | undefined,
  turn: Turn,
): "next" | "failed" | "done" {
  const partition = self.partitions.get(question.name);
  const role = partition?.role;
  if (partition === undefined || role?.type !== "follower" || role.leader !== leader) return "done";
  if (partition.leaderEpoch !== question.epoch) return "done";
  const told = response?.topics[0]?.partitions[0];
  if (told === undefined) return "failed";
  if (told.errorCode !== 0) {
    const error = errorName(told.errorCode);
    note(turn, { type: "refused", api: "ListOffsets", partition: question.name, error });
    return "failed";
  }
  const { log } = partition;
  if (question.edge === "latest") {
    if (told.offset >= log.end) return "next";
    truncateReplica(partition, offset(told.offset), turn);
    planRecoveryPoints(turn);
  } else if (told.offset > log.end) {
    restartReplica(partition, offset(told.offset), turn);
    planRecoveryPoints(turn);
  }
  self.dirty.add(question.name);
  return "done";
}
