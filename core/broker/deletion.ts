/*
 * Replicas that metadata does not assign to this broker any more (Kafka's ReplicaManager.stopPartitions and
 * LogManager.asyncDelete): they stop at once, their log's folder gets another name, and some time later it is removed.
 */
import type { Millis } from "../foundation/ids.ts";
import { note, setTimer, type Turn } from "../foundation/turn.ts";
import { drawUuid } from "../foundation/uuid.ts";
import { partitionMetadataFile, readPartitionMetadata } from "../log/partition-metadata.ts";
import type { Partition } from "../replication/partition.ts";
import { writeCheckpoints } from "./background.ts";
import { follow } from "./fetchers.ts";
import { retry } from "./retrying.ts";
import type { Broker } from "./state.ts";

const deletionTimer = "deletions";
const suffix = "-delete";

/** Drops, of these partitions, what is of a topic that is gone; one that was made again under its name is another topic. */
export function dropUnwanted(self: Broker, names: Iterable<string>, turn: Turn): void {
  const dropped: string[] = [];
  for (const name of names) if (dropOne(self, name, turn)) dropped.push(name);
  if (dropped.length === 0) return;
  // First: a recovery point of the old log must not vouch for bytes of the one that takes its name.
  writeCheckpoints(self, turn);
  for (const name of dropped) {
    discard(self, name, turn);
    note(turn, { type: "replicaDeleted", partition: name });
  }
}

function dropOne(self: Broker, name: string, turn: Turn): boolean {
  const dash = name.lastIndexOf("-");
  const topic = self.image.topics.get(name.slice(0, dash));
  const assigned = topic?.partitions[Number(name.slice(dash + 1))]?.replicas ?? [];
  const wanted = assigned.includes(self.config.nodeId) ? topic?.id : undefined;
  const partition = self.partitions.get(name);
  if (partition !== undefined) {
    if (partition.topicId === wanted) return false;
    stopReplica(self, partition, turn);
    return true;
  }
  if (!self.orphans.has(name)) return false;
  const id = readPartitionMetadata(turn.ports.files, name);
  // A folder that does not say is one that a crash left empty.
  if (wanted !== undefined && (id === undefined || id === wanted)) return false;
  self.orphans.delete(name);
  return true;
}

/** Neither leads nor follows, and answers whoever waits on it. */
function stopReplica(self: Broker, partition: Partition, turn: Turn): void {
  partition.role = { type: "new" };
  follow(self, partition, turn);
  self.partitions.delete(partition.name);
  self.isrToAsk.delete(partition.name);
  for (const id of [...partition.parked]) retry(self, id, false, turn);
  self.dirty.add(partition.name);
}

/** Renames a log's folder. Which topic it was of is renamed last, so that a crash in between leaves none that does not say. */
function discard(self: Broker, name: string, turn: Turn): void {
  const { files } = turn.ports;
  const id = drawUuid(turn).replaceAll("-", "");
  // Names are at most 255 long.
  const folder = `${name.slice(0, 255 - id.length - suffix.length - 1)}.${id}${suffix}`;
  const own = files.list(name).filter((file) => file !== partitionMetadataFile);
  const isNamed = files.size(`${name}/${partitionMetadataFile}`) !== undefined;
  for (const some of [own, isNamed ? [partitionMetadataFile] : []]) {
    if (some.length === 0) continue;
    for (const file of some) files.rename(`${name}/${file}`, `${folder}/${file}`);
    files.fsyncFolder(folder);
    files.fsyncFolder(name);
  }
  planDeletion(self, folder, turn);
}

/** Folders that an earlier life renamed wait for their time anew. */
export function resumeDeletions(self: Broker, turn: Turn): void {
  for (const folder of turn.ports.files.list(""))
    if (folder.endsWith(suffix)) planDeletion(self, folder, turn);
}

function planDeletion(self: Broker, folder: string, turn: Turn): void {
  const delay = self.config.settings["log.segment.delete.delay.ms"];
  const at = (turn.now.monotonic + delay) as Millis;
  self.deletions.set(folder, at);
  if (self.deletions.size === 1) setTimer(turn, deletionTimer, at);
}

/** Removes the folders whose time has come; false if the timer is another. */
export function onDeletionTimer(self: Broker, timer: string, turn: Turn): boolean {
  if (timer !== deletionTimer) return false;
  const { files } = turn.ports;
  for (const [folder, at] of self.deletions) {
    // All wait equally long, so that the first to come is the first to go.
    if (at > turn.now.monotonic) {
      setTimer(turn, deletionTimer, at);
      break;
    }
    for (const file of files.list(folder)) files.remove(`${folder}/${file}`);
    files.fsyncFolder(folder);
    self.deletions.delete(folder);
  }
  return true;
}
