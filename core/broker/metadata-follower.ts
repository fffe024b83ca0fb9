/*
 * The broker's copy of the metadata log (KRaft observer, KIP-595 and KIP-631): it fetches from the active
 * controller, keeps the log on its own disk, and replays into its image what is committed. What that means for
 * its replicas is done by the replica manager, once the broker has seen its own registration.
 */
import { applyUpToCommitted } from "../controller/quorum/applying.ts";
import {
  beginSnapshot,
  fetchedMetadata,
  type FetchedMetadata,
  fetchedPiece,
  metadataFetch,
  snapshotFetch,
  takeFetched,
  takePiece,
} from "../controller/quorum/replica.ts";
import { replay } from "../controller/metadata/replay.ts";
import {
  brokerId,
  leaderEpoch,
  type LeaderEpoch,
  metadataPartition,
  offset,
  partitionName,
} from "../foundation/ids.ts";
import { note, setTimer, type Turn } from "../foundation/turn.ts";
import { fetchSnapshot, type FetchSnapshotResponse } from "../wire/api/fetch-snapshot.ts";
import { fetch, type FetchResponse } from "../wire/api/fetch.ts";
import { decodeRecords } from "../wire/batch.ts";
import { ask } from "../wire/channel.ts";
import { DecodeError } from "../wire/decode-error.ts";
import { errorName } from "../wire/errors.ts";
import { decodeMetadataRecord, type MetadataRecord } from "../wire/metadata-records.ts";
import { askElsewhere, hearOfController } from "./controllers.ts";
import type { Broker, MetadataFollower } from "./state.ts";

export const metadataTimer = "metadata";

/** Asks the controller for what follows this broker's copy. */
export function fetchMetadata(self: Broker, turn: Turn): void {
  const { metadata, lifecycle, config } = self;
  const channel = self.toController.metadata;
  if (metadata === undefined || channel.pending.length > 0) return;
  const { log, epoch, snapshots } = metadata;
  const { clusterId, nodeId, settings } = config;
  const { directory } = lifecycle;
  const timeout = settings["controller.quorum.request.timeout.ms"];
  if (snapshots.fetching !== undefined) {
    const body = snapshotFetch({ clusterId, nodeId, directory, epoch }, snapshots.fetching);
    const purpose = { type: "snapshot", epoch } as const;
    return ask(self, channel, fetchSnapshot, body, purpose, timeout, turn);
  }
  const body = metadataFetch({ clusterId, nodeId, directory, log, epoch });
  const purpose = { type: "metadata", epoch } as const;
  ask(self, channel, fetch, body, purpose, timeout, turn);
}

/** The controller answered what was asked under `epoch`, or did not (undefined): then another is asked after a moment. */
export function onMetadataFetched(
  self: Broker,
  epoch: LeaderEpoch,
  response: FetchResponse | undefined,
  turn: Turn,
): void {
  const { metadata } = self;
  // An answer of an earlier epoch speaks of a log that may be cut by now.
  if (metadata === undefined || epoch !== metadata.epoch) return fetchMetadata(self, turn);
  const answer = response && fetchedMetadata(response);
  if (answer === undefined) {
    // An answer without our partition carries an error of the whole request.
    if (response !== undefined) noteRefused(errorName(response.errorCode), turn);
    askElsewhere(self, brokerId(-1), turn);
    return later(self, metadata, turn);
  }
  const { leaderId, leaderEpoch: said } = answer.currentLeader;
  if (hearOfController(self, metadata, brokerId(leaderId), leaderEpoch(said), turn))
    return fetchMetadata(self, turn);
  if (answer.errorCode !== 0) {
    noteRefused(errorName(answer.errorCode), turn);
    askElsewhere(self, brokerId(leaderId), turn);
    return later(self, metadata, turn);
  }
  const behind = beginSnapshot(metadata.snapshots, answer, turn.ports.files);
  const problem = behind ? undefined : take(self, metadata, answer, turn);
  if (problem !== undefined) {
    noteRefused(problem, turn);
    return later(self, metadata, turn);
  }
  metadata.failures = 0;
  fetchMetadata(self, turn);
}

/** A piece of a snapshot came, asked for under `epoch`, or did not (undefined). */
export function onSnapshotFetched(
  self: Broker,
  epoch: LeaderEpoch,
  response: FetchSnapshotResponse | undefined,
  turn: Turn,
): void {
  const { metadata } = self;
  if (metadata === undefined || epoch !== metadata.epoch) return fetchMetadata(self, turn);
  const answer = response && fetchedPiece(response);
  const named = brokerId(answer?.currentLeader.leaderId ?? -1);
  if (answer === undefined || answer.errorCode !== 0) {
    const code = answer?.errorCode ?? response?.errorCode;
    if (code !== undefined) noteRefused(errorName(code), turn);
    // Whoever leads now may hold another snapshot: the next fetch tells.
    metadata.snapshots.fetching = undefined;
    askElsewhere(self, named, turn);
    return later(self, metadata, turn);
  }
  const image = takePiece(metadata.snapshots, metadata.log, answer, turn);
  if (image !== undefined) {
    markAllChanged(self);
    self.image = image;
    markAllChanged(self);
    metadata.committed = metadata.applied = metadata.log.end;
    note(turn, { type: "metadataApplied", next: metadata.applied });
  }
  fetchMetadata(self, turn);
}

const noteRefused = (error: string, turn: Turn): void =>
  note(turn, { type: "refused", api: "Fetch", partition: metadataPartition, error });

/** Waits longer with each failure, as there may be nobody who leads for a while. */
function later(self: Broker, metadata: MetadataFollower, turn: Turn): void {
  const backoff = self.config.settings["controller.quorum.retry.backoff.ms"];
  const doublings = metadata.failures < 3 ? metadata.failures : 3;
  metadata.failures += 1;
  setTimer(turn, metadataTimer, turn.now.monotonic + backoff * (1 << doublings));
}

/** Returns what is wrong with the answer. */
function take(
  self: Broker,
  metadata: MetadataFollower,
  answer: FetchedMetadata,
  turn: Turn,
): string | undefined {
  try {
    if (!takeFetched(metadata.log, answer, metadata.applied, false, turn))
      return "INCONSISTENT_VOTER_SET";
  } catch (error) {
    if (error instanceof DecodeError) return "CORRUPT_MESSAGE";
    throw error;
  }
  if (answer.highWatermark > metadata.committed) metadata.committed = offset(answer.highWatermark);
  const { image, config } = self;
  const { controllers: voters, settings } = config;
  const replayBatch = (batch: Uint8Array): void => applyBatch(self, batch);
  applyUpToCommitted(metadata, { log: metadata.log, image, voters, settings, replayBatch }, turn);
  return undefined;
}

function applyBatch(self: Broker, batch: Uint8Array): void {
  for (const { value } of decodeRecords(batch)) {
    if (value === null) continue;
    const record = decodeMetadataRecord(value);
    if (record.type === "removeTopic") markTopic(self, self.image.topicNames.get(record.topicId));
    replay(self.image, record);
    markChanged(self, record);
  }
}

/** Every partition is to be looked at again: the image is another one. */
export function markAllChanged(self: Broker): void {
  for (const name of self.image.topics.keys()) markTopic(self, name);
}

/** All partitions of a topic are to be looked at again. */
function markTopic({ image, changed }: Broker, topic: string | undefined): void {
  if (topic === undefined) return;
  for (const index of image.topics.get(topic)?.partitions.keys() ?? [])
    changed.add(partitionName(topic, index));
}

/** Remembers which partitions this broker must look at again. */
function markChanged(self: Broker, record: MetadataRecord): void {
  const { image, changed } = self;
  if (record.type === "partition" || record.type === "partitionChange") {
    const topic = image.topicNames.get(record.topicId);
    if (topic !== undefined) changed.add(partitionName(topic, record.partitionId));
  } else if (record.type === "config" || record.type === "clearElr") {
    markAllChanged(self);
  } else {
    // A broker that came, went, or was fenced decides who may be waited for.
    for (const { name, role } of self.partitions.values()) {
      if (role.type === "leader") changed.add(name);
    }
  }
}
