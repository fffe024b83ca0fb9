/*
 * How a controller begins to lead (KafkaRaftClient and QuorumController): it opens its log, takes the next epoch,
 * says so in the log, and replays what is there. A quorum of one elects itself.
 */
import {
  leaderEpoch,
  metadataTopic,
  offset,
  partitionName,
  zeroUuid,
} from "../../foundation/ids.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import { drawUuid } from "../../foundation/uuid.ts";
import { assignEpoch, closeLog, lastEpoch, type LogConfig, openLog } from "../../log/log.ts";
import { readMetaProperties, writeMetaProperties } from "../../log/meta-properties.ts";
import { controlBit } from "../../wire/batch.ts";
import { encodeLeaderChange } from "../../wire/control-records.ts";
import { metadataRecord } from "../../wire/metadata-records.ts";
import { beginSessions } from "../metadata/heartbeats.ts";
import type { Controller } from "../state.ts";
import { appendAndFlush, commit, committed, logOf, replayLog } from "./commit.ts";

const folder = partitionName(metadataTopic, 0);

/** Kafka's names for what the cluster may use; brokers and clients of 4.0 know this level. */
const metadataVersion = { name: "metadata.version", featureLevel: 25 } as const;

/** Opens what the disk holds and takes the lead. */
export function startController(self: Controller, turn: Turn): void {
  const { files } = turn.ports;
  const { config } = self;
  if (readMetaProperties(files) === undefined) {
    const { clusterId, nodeId } = config;
    writeMetaProperties(files, { clusterId, nodeId, directoryId: drawUuid(turn) });
  }
  // Every commit was flushed, so that a stop needs no marker; what was not flushed was not committed.
  const none = { clean: false, recoveryPoint: offset(0), start: offset(0) };
  const { log, cutBytes } = openLog(files, folder, logConfig(self), none);
  self.log = log;
  note(turn, {
    type: "logOpened",
    partition: folder,
    clean: false,
    start: log.start,
    end: log.end,
    highWatermark: log.end,
    cutBytes,
  });
  lead(self, turn);
}

function lead(self: Controller, turn: Turn): void {
  const log = logOf(self);
  replayLog(self, turn);
  self.epoch = leaderEpoch(lastEpoch(log) + 1);
  assignEpoch(log, turn.ports.files, self.epoch, log.end);
  note(turn, { type: "controllerElected", epoch: self.epoch });
  const voters = self.config.voters.map(({ id }) => ({ voterId: id, voterDirectoryId: zeroUuid }));
  const granting = voters.filter(({ voterId }) => voterId === self.config.nodeId);
  const change = { leaderId: self.config.nodeId, voters, grantingVoters: granting };
  const record = { timestamp: turn.now.wall, ...encodeLeaderChange(change) };
  appendAndFlush(self, [record], controlBit, turn);
  committed(self, turn);
  if (!self.image.features.has(metadataVersion.name)) {
    commit(self, [metadataRecord({ type: "featureLevel", ...metadataVersion })], turn);
  }
  beginSessions(self, turn);
}

function logConfig(self: Controller): LogConfig {
  const { settings } = self.config;
  return {
    segmentBytes: settings["log.segment.bytes"],
    indexIntervalBytes: settings["log.index.interval.bytes"],
    indexMaxBytes: settings["log.index.size.max.bytes"],
    rollMs: settings["log.roll.ms"],
    maxBatchBytes: settings["message.max.bytes"],
    flushMessages: settings["log.flush.interval.messages"],
    producerIdExpirationMs: settings["producer.id.expiration.ms"],
  };
}

/** A clean stop: everything is flushed already. */
export function stopController(self: Controller, turn: Turn): void {
  const { files } = turn.ports;
  if (self.log !== undefined) closeLog(self.log, files);
  turn.outbox.push({ type: "exit" });
}
