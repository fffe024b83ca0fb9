/*
 * What committed metadata means for the replicas of this broker (Kafka's ReplicaManager.applyDelta): which to
 * open, which to lead, whom to follow.
 */
import type { PartitionImage, TopicImage } from "../controller/metadata/image.ts";
import { type Offset, partitionName } from "../foundation/ids.ts";
import { note, type Turn } from "../foundation/turn.ts";
import { openLog } from "../log/log.ts";
import { readPartitionMetadata, writePartitionMetadata } from "../log/partition-metadata.ts";
import { becomeFollower } from "../replication/follower.ts";
import { type Assignment, becomeLeader, raiseHighWatermark } from "../replication/leader.ts";
import { newPartition, type Partition } from "../replication/partition.ts";
import { dropUnwanted } from "./deletion.ts";
import { follow } from "./fetchers.ts";
import { onCaughtUp } from "./lifecycle.ts";
import { changedSetting, topicLogConfig } from "./log-config.ts";
import type { Broker } from "./state.ts";
import { viewOf } from "./view.ts";

/**
 * Acts on the partitions that changed, but only once this broker has applied all that it knows to be committed
 * and its own registration with it: metadata of earlier days would have it lead again under an old epoch.
 */
export function actOnMetadata(self: Broker, turn: Turn): void {
  const { lifecycle, metadata, changed } = self;
  if (metadata === undefined || lifecycle.epoch === -1) return;
  if (metadata.applied <= lifecycle.epoch || metadata.applied < metadata.committed) return;
  if (changed.size > 0) {
    dropUnwanted(self, changed, turn);
    for (const name of changed) actOnPartition(self, name, turn);
    changed.clear();
  }
  onCaughtUp(self, turn);
}

function actOnPartition(self: Broker, name: string, turn: Turn): void {
  const dash = name.lastIndexOf("-");
  const topic = self.image.topics.get(name.slice(0, dash));
  const index = Number(name.slice(dash + 1));
  const committed = topic?.partitions[index];
  if (topic === undefined || committed === undefined) return;
  if (!committed.replicas.includes(self.config.nodeId)) return;
  const known = self.partitions.get(name);
  const partition = known ?? openPartition(self, topic, index, turn);
  partition.log.config = topicLogConfig(self, topic.name);
  assign(self, partition, assignmentOf(self, topic, committed), turn);
  self.dirty.add(name);
}

function assign(self: Broker, partition: Partition, assignment: Assignment, turn: Turn): void {
  if (partition.role.type !== "new" && assignment.partitionEpoch <= partition.partitionEpoch) {
    // Known already, from the answer to AlterPartition; configuration and brokers may still have changed.
    partition.minIsr = assignment.minIsr;
    raiseHighWatermark(partition, viewOf(self), turn);
    return;
  }
  if (assignment.leader === self.config.nodeId) {
    becomeLeader(partition, assignment, viewOf(self), turn);
  } else becomeFollower(partition, assignment, turn);
  follow(self, partition, turn);
}

function assignmentOf(self: Broker, topic: TopicImage, committed: PartitionImage): Assignment {
  const configured = changedSetting(self, topic.name, "min.insync.replicas");
  const minIsr =
    configured === undefined ? self.config.settings["min.insync.replicas"] : Number(configured);
  const { leader, leaderEpoch, partitionEpoch, isr, replicas } = committed;
  // A topic with fewer replicas than the minimum could never be written (Partition.effectiveMinIsr).
  return {
    leader,
    leaderEpoch,
    partitionEpoch,
    isr,
    replicas,
    minIsr: Math.min(minIsr, replicas.length),
  };
}

/** Takes over the log that the disk already held for this partition, or begins one. */
function openPartition(self: Broker, topic: TopicImage, index: number, turn: Turn): Partition {
  const name = partitionName(topic.name, index);
  const found = self.orphans.get(name);
  const config = topicLogConfig(self, topic.name);
  const { flaws } = self.config.settings;
  let partition: Partition;
  if (found !== undefined) {
    self.orphans.delete(name);
    if (readPartitionMetadata(turn.ports.files, name) === undefined)
      writePartitionMetadata(turn.ports.files, name, topic.id);
    partition = newPartition(topic.name, topic.id, index, found.log, found.highWatermark, flaws);
    partition.log.config = config;
  } else {
    const { files } = turn.ports;
    const none = 0 as Offset;
    const { log } = openLog(files, name, config, { clean: true, recoveryPoint: none, start: none });
    writePartitionMetadata(files, name, topic.id);
    const empty = {
      clean: true,
      start: log.start,
      end: log.end,
      highWatermark: log.start,
      cutBytes: 0,
    };
    note(turn, { type: "logOpened", partition: name, ...empty });
    partition = newPartition(topic.name, topic.id, index, log, log.start, flaws);
  }
  self.partitions.set(name, partition);
  return partition;
}
