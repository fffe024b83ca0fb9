/*
 * Who leads and who is in sync after something changed (Kafka's PartitionChangeBuilder and
 * ReplicationControlManager.generateLeaderAndIsrUpdates).
 */
import type { BrokerId, Uuid } from "../../foundation/ids.ts";
import { metadataRecord, type MetadataRecord } from "../../wire/metadata-records.ts";
import {
  allPartitions,
  isActive,
  type MetadataImage,
  type PartitionImage,
  topicConfig,
} from "./image.ts";

/** What is to be changed about one partition. */
export interface Change {
  readonly topicId: Uuid;
  readonly index: number;
  readonly partition: PartitionImage;
  readonly targetIsr: readonly BrokerId[];
  readonly mayLead: (id: BrokerId) => boolean;
  readonly unclean: boolean;
  /** The leader says that it has recovered from an unclean election. */
  readonly recovered?: boolean;
}

/** The record that brings the change about; undefined if nothing changes. */
export function changeRecord(change: Change): MetadataRecord | undefined {
  const { topicId, index, partition, targetIsr } = change;
  const elected = elect(change);
  const uncleanly = elected !== -1 && !targetIsr.includes(elected) && elected !== partition.leader;
  // An ISR is never empty: the last member stays in it, so that it may lead again.
  const wanted = uncleanly ? [elected] : targetIsr.length === 0 ? partition.isr : targetIsr;
  const isr = isSame(wanted, partition.isr) ? null : wanted;
  const leader = elected === partition.leader ? -2 : elected;
  const recovery = uncleanly
    ? 1
    : change.recovered === true && partition.leaderRecoveryState !== 0
      ? 0
      : -1;
  if (isr === null && leader === -2 && recovery === -1) return undefined;
  return metadataRecord({
    type: "partitionChange",
    topicId,
    partitionId: index,
    isr,
    leader,
    leaderRecoveryState: recovery,
  });
}

const isSame = (a: readonly BrokerId[], b: readonly BrokerId[]): boolean =>
  a.length === b.length && a.every((id, i) => id === b[i]);

/** The leader stays if it may; else the first replica, in the order of assignment, that is in sync; -1: nobody. */
function elect({ partition, targetIsr, mayLead, unclean }: Change): BrokerId {
  const nobody = -1 as BrokerId;
  const inSync = (id: BrokerId): boolean => targetIsr.includes(id) && mayLead(id);
  if (inSync(partition.leader)) return partition.leader;
  const clean = partition.replicas.find(inSync);
  if (clean !== undefined) return clean;
  if (!unclean) return nobody;
  return mayLead(partition.leader)
    ? partition.leader
    : (partition.replicas.find(mayLead) ?? nobody);
}

/** Changes for every partition that a broker's going or coming touches. */
export function updatesFor(
  image: MetadataImage,
  broker: { readonly remove?: BrokerId; readonly add?: BrokerId },
  uncleanByDefault: boolean,
): MetadataRecord[] {
  const { remove, add } = broker;
  const mayLead = (id: BrokerId): boolean => id !== remove && (id === add || isActive(image, id));
  const records: MetadataRecord[] = [];
  for (const { topic, index, partition } of allPartitions(image)) {
    const touched =
      remove === undefined
        ? partition.leader === -1
        : partition.isr.includes(remove) || partition.leader === remove;
    if (!touched) continue;
    const record = changeRecord({
      topicId: topic.id,
      index,
      partition,
      targetIsr: remainingIsr(partition, remove),
      mayLead,
      unclean: isUnclean(image, topic.name, uncleanByDefault),
    });
    if (record !== undefined) records.push(record);
  }
  return records;
}

const remainingIsr = (
  partition: PartitionImage,
  remove: BrokerId | undefined,
): readonly BrokerId[] => partition.isr.filter((id) => id !== remove);

/** Whether a replica that is not in sync may lead this topic (unclean.leader.election.enable). */
export function isUnclean(image: MetadataImage, topic: string, byDefault: boolean): boolean {
  const configured = topicConfig(image, topic, "unclean.leader.election.enable");
  return configured === undefined ? byDefault : configured === "true";
}
