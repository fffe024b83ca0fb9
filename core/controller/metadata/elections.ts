/*
 * Who leads and who is in sync after something changed (Kafka's PartitionChangeBuilder and
 * ReplicationControlManager.generateLeaderAndIsrUpdates). With eligible leader replicas (KIP-966) whoever leaves an ISR
 * that is too small is remembered: it holds all that was committed, and may lead when nobody is in sync.
 */
import type { BrokerId, Uuid } from "../../foundation/ids.ts";
import type { BrokerSettings } from "../../foundation/settings.ts";
import { metadataRecord, type MetadataRecord } from "../../wire/metadata-records.ts";
import {
  allPartitions,
  hasEligibleLeaders,
  isActive,
  type MetadataImage,
  type PartitionImage,
  topicConfig,
  type TopicImage,
} from "./image.ts";

/** What is to be changed about one partition. */
export interface Change {
  readonly topicId: Uuid;
  readonly index: number;
  readonly partition: PartitionImage;
  readonly targetIsr: readonly BrokerId[];
  readonly mayLead: (id: BrokerId) => boolean;
  readonly rules: ElectionRules;
  /** The first of the replicas is to lead, if it is in sync, rather than whoever leads now. */
  readonly prefersFirst?: boolean;
  /** It came back without having stopped cleanly: nobody knows what it still holds. */
  readonly uncleanlyStopped?: BrokerId;
  /** The leader says that it has recovered from an unclean election. */
  readonly recovered?: boolean;
}

/** What a topic allows. */
export interface ElectionRules {
  /** A replica that is not in sync may lead (unclean.leader.election.enable). */
  readonly unclean: boolean;
  /** Eligible leader replicas are kept (the feature eligible.leader.replicas.version, KIP-966). */
  readonly eligible: boolean;
  /** The last leader may lead again when nobody else may (Kafka's balanced recovery, always on there). */
  readonly lastKnown: boolean;
  /** min.insync.replicas, at most the replication factor. */
  readonly minIsr: number;
}

/** Who leads, and by which right. */
interface Elected {
  readonly leader: BrokerId;
  readonly by: "isr" | "elr" | "lastKnown" | "unclean" | "nobody";
}

/** The record that brings the change about; undefined if nothing changes. */
export function changeRecord(change: Change): MetadataRecord | undefined {
  const { topicId, index, partition, rules } = change;
  const eligible = eligibleAfter(change);
  const elected = elect(change, eligible);
  const leader = elected.leader === partition.leader ? -2 : elected.leader;
  // A choice that may lose records begins with itself alone, and has to say that it has recovered.
  const isUnsafe = leader !== -2 && (elected.by === "unclean" || elected.by === "lastKnown");
  const isr = isrAfter(change, elected, leader !== -2);
  const elr = isUnsafe ? [] : eligible.filter((id) => !isr.includes(id));
  const lastKnown = lastKnownAfter(partition, elected.leader, rules);
  const recovery = isUnsafe
    ? 1
    : change.recovered === true && partition.leaderRecoveryState !== 0
      ? 0
      : -1;
  const record = {
    isr: changedOrNull(isr, partition.isr),
    eligibleLeaderReplicas: changedOrNull(elr, partition.elr),
    lastKnownElr: changedOrNull(lastKnown, partition.lastKnownElr),
    leader,
    leaderRecoveryState: recovery,
  };
  const isNothing =
    record.isr === null &&
    record.eligibleLeaderReplicas === null &&
    record.lastKnownElr === null &&
    leader === -2 &&
    recovery === -1;
  if (isNothing) return undefined;
  return metadataRecord({ type: "partitionChange", topicId, partitionId: index, ...record });
}

/** The ELR beside the target ISR: empty while that is large enough, else whoever left it and has not come back unclean. */
function eligibleAfter({
  partition,
  targetIsr,
  rules,
  uncleanlyStopped,
}: Change): readonly BrokerId[] {
  if (!rules.eligible || targetIsr.length >= rules.minIsr) return [];
  const candidates = [...partition.elr, ...partition.isr];
  return candidates.filter(
    (id, i) => candidates.indexOf(id) === i && !targetIsr.includes(id) && id !== uncleanlyStopped,
  );
}

/** Without eligible leaders an ISR is never empty: the last member stays in it, so that it may lead again. */
function isrAfter(
  { partition, targetIsr, rules }: Change,
  { leader, by }: Elected,
  isNew: boolean,
): readonly BrokerId[] {
  if (isNew && by !== "isr" && by !== "nobody") return [leader];
  return targetIsr.length === 0 && !rules.eligible ? partition.isr : targetIsr;
}

/** Who led last is remembered from the moment when nobody does (PartitionChangeBuilder.maybeUpdateLastKnownLeader). */
function lastKnownAfter(
  partition: PartitionImage,
  leader: BrokerId,
  { eligible, lastKnown }: ElectionRules,
): readonly BrokerId[] {
  if (!eligible || !lastKnown || leader !== -1) return [];
  return partition.leader === -1 ? partition.lastKnownElr : [partition.leader];
}

const changedOrNull = (
  after: readonly BrokerId[],
  before: readonly BrokerId[],
): readonly BrokerId[] | null =>
  after.length === before.length && after.every((id, i) => id === before[i]) ? null : after;

/**
 * The leader stays if it may; else the first replica, in the order of assignment, that is in sync; else, if nobody is,
 * the first that is eligible; else the last known leader; else, where that is allowed, the first that lives.
 */
function elect(change: Change, eligible: readonly BrokerId[]): Elected {
  const { partition, targetIsr, mayLead, rules, prefersFirst } = change;
  const mayElectEligible = targetIsr.length === 0;
  const rightOf = (id: BrokerId): Elected["by"] | undefined => {
    if (!mayLead(id)) return undefined;
    if (targetIsr.includes(id)) return "isr";
    return mayElectEligible && eligible.includes(id) ? "elr" : undefined;
  };
  const asItIs = prefersFirst === true ? [] : [partition.leader];
  for (const leader of [...asItIs, ...partition.replicas]) {
    const by = rightOf(leader);
    if (by !== undefined) return { leader, by };
  }
  const [last, ...others] = partition.lastKnownElr;
  const isLastOnly = mayElectEligible && eligible.length === 0 && others.length === 0;
  if (rules.eligible && rules.lastKnown && isLastOnly && last !== undefined && mayLead(last))
    return { leader: last, by: "lastKnown" };
  const survivor = rules.unclean
    ? [partition.leader, ...partition.replicas].find(mayLead)
    : undefined;
  return survivor === undefined
    ? { leader: -1 as BrokerId, by: "nobody" }
    : { leader: survivor, by: "unclean" };
}

/** A broker that goes or comes. */
export interface Move {
  /** It is fenced, leaves, or stopped cleanly. */
  readonly remove?: BrokerId;
  /** It came back without having stopped cleanly. */
  readonly unclean?: BrokerId;
  readonly add?: BrokerId;
}

/** Changes for every partition that a broker's going or coming touches. */
export function updatesFor(
  image: MetadataImage,
  { remove, unclean, add }: Move,
  settings: ElectionSettings,
): MetadataRecord[] {
  const gone = remove ?? unclean;
  const mayLead = (id: BrokerId): boolean => id !== gone && (id === add || isActive(image, id));
  const records: MetadataRecord[] = [];
  for (const { topic, index, partition } of allPartitions(image)) {
    const { isr, elr, leader } = partition;
    const isTouched =
      gone === undefined
        ? leader === -1
        : isr.includes(gone) || leader === gone || (unclean !== undefined && elr.includes(gone));
    if (!isTouched) continue;
    const record = changeRecord({
      topicId: topic.id,
      index,
      partition,
      targetIsr: isr.filter((id) => id !== gone),
      mayLead,
      rules: rulesOf(image, topic, partition, settings),
      ...(unclean === undefined ? {} : { uncleanlyStopped: unclean }),
    });
    if (record !== undefined) records.push(record);
  }
  return records;
}

/** The settings of all brokers that an election falls back to. */
export type ElectionSettings = Pick<
  BrokerSettings,
  "unclean.leader.election.enable" | "min.insync.replicas" | "last.known.leader.enable"
>;

/** What a topic allows: its own settings, or those of the cluster. */
export function rulesOf(
  image: MetadataImage,
  { name }: TopicImage,
  { replicas }: PartitionImage,
  settings: ElectionSettings,
): ElectionRules {
  const unclean = topicConfig(image, name, "unclean.leader.election.enable");
  const minIsr = Number(
    topicConfig(image, name, "min.insync.replicas") ?? settings["min.insync.replicas"],
  );
  return {
    unclean:
      unclean === undefined ? settings["unclean.leader.election.enable"] : unclean === "true",
    eligible: hasEligibleLeaders(image),
    lastKnown: settings["last.known.leader.enable"],
    minIsr: minIsr < replicas.length ? minIsr : replicas.length,
  };
}
