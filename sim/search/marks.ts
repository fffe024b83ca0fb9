/*
 * Places that a search should have been to: a sweep that never saw a replica cut its log, or a vote refused, has said
 * nothing about them. Each mark is seen in the trace of a run.
 */
import type { CoreEvent } from "#core";
import { isByHand } from "../faults/kinds.ts";
import type { Fault, HandFault } from "../scenario/schema.ts";
import type { TraceEvent } from "../trace/events.ts";

/** Every mark with what it stands for. */
export const marks = {
  "leader-elected": "a partition got another leader, which was in sync",
  "elr-elected": "an eligible leader replica was elected where nobody was in sync (KIP-966)",
  "last-known-elected": "the last known leader was elected where nobody was eligible (KIP-966)",
  "unclean-elected": "a replica that was not in sync was elected",
  "preferred-elected": "a partition went back to its preferred leader",
  "nobody-leads": "a partition had no leader",
  "isr-shrank": "a leader took a replica out of the in-sync ones",
  "isr-grew": "a replica joined the in-sync ones",
  "isr-shrank-while-produce-waited": "the ISR shrank while a produce waited for it",
  "eligible-remembered": "a replica that left a small ISR stayed eligible",
  "cut-by-divergence": "a replica cut its log where it parted from its leader's",
  "recovered-log": "a log was recovered after a crash",
  "torn-tail-cut": "recovery cut a batch that was not whole",
  "index-rebuilt": "an index file did not say what its log does, and was written anew",
  "clean-open": "a log was opened after a clean stop, with records in it",
  "segment-rolled": "a log began a new segment",
  "start-raised-deleteRecords": "a leader let records go because an operator asked (KIP-107)",
  "start-raised-retention": "a log let go what had had its time",
  "start-raised-leader": "a follower let go what its leader had let go",
  "log-begun-anew": "a follower began anew where its leader's log begins",
  "low-watermark-waited-for": "a deletion of records waited until all replicas had followed",
  "read-from-follower": "a consumer was sent to a nearer replica (KIP-392)",
  "consumer-out-of-range": "a consumer stood outside the log and was sent to an end of it",
  "duplicate-batch": "a leader knew a batch that it had already",
  "produce-expired": "a produce waited in vain until its time was over",
  "produce-failed": "a produce that waited was failed because the leader lost its lead",
  "produce-refused": "a produce found too few replicas in sync",
  "fenced-client": "a client asked under an old leader epoch, or a broker that knew less than it",
  "not-leader": "a client asked a broker that no longer leads",
  "end-not-known": "a new leader did not know yet where the committed records end (KIP-207)",
  "sequence-gap": "a leader refused a batch out of order",
  "producer-epoch-raised": "an idempotent producer raised its epoch (KIP-360)",
  "fetch-session-lost": "a fetch session went with its connection, and another was begun (KIP-227)",
  "fetch-session-refused": "a fetch session was refused, and everything was asked anew (KIP-227)",
  "consumer-sent-back": "a consumer was told that its log was cut (KIP-320)",
  "broker-fenced": "a broker was fenced",
  "broker-returned": "a broker registered again",
  "controlled-shutdown": "a broker asked to leave before it stopped",
  "controller-changed": "another controller became active",
  "vote-refused": "a controller refused its vote",
  "pre-vote-refused": "a controller refused a pre-vote (KIP-996)",
  "controller-resigned": "an active controller resigned (KIP-595)",
  "metadata-snapshot-written": "a replica of the metadata log wrote a snapshot (KIP-630)",
  "metadata-snapshot-fetched": "a replica of the metadata log fetched a snapshot",
  "metadata-snapshot-loaded": "a replica of the metadata log began with a snapshot",
  "partitions-added": "an operator's partitions were made",
  "broker-halted": "a broker gave up because of its disk",
  "write-torn": "a write was torn",
  "bytes-lost": "a power loss took bytes that were not on the platter",
  "struck-by-condition": "a fault struck because of what had happened",
  "left-broken": "something stayed broken for good after the last heal",
  "two-kinds-of-faults": "faults of two kinds struck in one run",
} as const;

/** What somebody does by hand is no fault: no family draws it. */
type DrawnFault = Exclude<Fault, HandFault>;

export type MarkId = keyof typeof marks | `fault-${DrawnFault["type"]}`;

/** Kinds of faults, each a mark of its own. */
const faultMarks: Readonly<Record<DrawnFault["type"], true>> = {
  stop: true,
  crash: true,
  powerLoss: true,
  pause: true,
  restart: true,
  rollingRestart: true,
  emptyDisk: true,
  slow: true,
  clockStep: true,
  clockDrift: true,
  diskLatency: true,
  diskFull: true,
  diskError: true,
  lyingFsync: true,
  bitRot: true,
  cut: true,
  delay: true,
  slowLink: true,
  reset: true,
  blackHole: true,
  addBroker: true,
  configChange: true,
  deleteTopic: true,
  deleteRecords: true,
  addPartitions: true,
  electLeaders: true,
};

/** All marks in order. */
export const allMarks: readonly MarkId[] = [
  ...(Object.keys(marks) as (keyof typeof marks)[]),
  ...(Object.keys(faultMarks) as DrawnFault["type"][]).map((type): MarkId => `fault-${type}`),
];

/** What a mark stands for. */
export const markSentence = (id: MarkId): string =>
  id in marks ? marks[id as keyof typeof marks] : `a fault of kind ${id.slice(6)} struck`;

/** Follows one run. */
export interface MarkWatch {
  readonly reached: Set<MarkId>;
  readonly kinds: Set<string>;
  /** By partition: the committed ISR, and the leader. */
  readonly isr: Map<string, readonly number[]>;
  readonly leaders: Map<string, number>;
  /** By broker and partition: how many produces wait. */
  readonly waiting: Map<string, number>;
  controller: string;
  /** Brokers that have been registered. */
  readonly registered: Set<number>;
  /** A partition has changed after it was made: whatever is made from now on an operator asked for. */
  changed: boolean;
}

export const newMarkWatch = (): MarkWatch => ({
  reached: new Set(),
  kinds: new Set(),
  isr: new Map(),
  leaders: new Map(),
  waiting: new Map(),
  controller: "",
  registered: new Set(),
  changed: false,
});

/** Takes in one event. */
export function watchMarks(watch: MarkWatch, event: TraceEvent): void {
  const { reached } = watch;
  switch (event.type) {
    case "note":
      return onNote(watch, event.node, event.event);
    case "fault":
      return onFault(watch, event);
    case "healed":
      if (event.index === -1 && event.sentence.startsWith("Only")) reached.add("left-broken");
      return;
    case "fileHurt":
      if (event.why === "torn") reached.add("write-torn");
      if (event.why === "unsynced" && event.file.endsWith(".log")) reached.add("bytes-lost");
      return;
    case "down":
      if (event.how === "halted") reached.add("broker-halted");
      // Nothing waits any more on a process that is gone.
      for (const place of watch.waiting.keys())
        if (place.startsWith(`${event.node} `)) watch.waiting.delete(place);
      return;
    default:
      return;
  }
}

function onFault(watch: MarkWatch, { fault, met }: Extract<TraceEvent, { type: "fault" }>): void {
  if (!met || isByHand(fault)) return;
  watch.reached.add(`fault-${fault.type}`);
  if (fault.when !== undefined) watch.reached.add("struck-by-condition");
  watch.kinds.add(fault.type);
  if (watch.kinds.size > 1) watch.reached.add("two-kinds-of-faults");
}

function onNote(watch: MarkWatch, node: string, event: CoreEvent): void {
  const { reached, waiting } = watch;
  switch (event.type) {
    case "partitionChanged":
      return onPartition(watch, event);
    case "truncated":
      if (event.reason === "divergence") reached.add("cut-by-divergence");
      return;
    case "logOpened":
      if (event.end > 0) reached.add(event.clean ? "clean-open" : "recovered-log");
      if (event.cutBytes > 0) reached.add("torn-tail-cut");
      if (event.mended === true) reached.add("index-rebuilt");
      return;
    case "logStartRaised":
      reached.add(`start-raised-${event.why}`);
      return;
    case "readReplica":
      reached.add("read-from-follower");
      return;
    case "logRestarted":
      reached.add("log-begun-anew");
      return;
    case "rolled":
      reached.add("segment-rolled");
      return;
    case "duplicateBatch":
      reached.add("duplicate-batch");
      return;
    case "parked":
      if (event.api === "Produce") {
        const place = `${node} ${event.partition}`;
        waiting.set(place, (waiting.get(place) ?? 0) + 1);
      }
      return;
    case "completed": {
      if (event.api === "DeleteRecords" && event.why === "satisfied")
        reached.add("low-watermark-waited-for");
      if (event.api !== "Produce") return;
      const place = `${node} ${event.partition}`;
      waiting.set(place, (waiting.get(place) ?? 1) - 1);
      if (event.why === "expired") reached.add("produce-expired");
      if (event.why === "failed") reached.add("produce-failed");
      return;
    }
    case "sessionRenewed":
      reached.add(
        event.reason === "NETWORK_EXCEPTION" ? "fetch-session-lost" : "fetch-session-refused",
      );
      return;
    case "retried":
      return onRetried(reached, event.reason);
    case "producerId":
      if (event.producerEpoch > 0) reached.add("producer-epoch-raised");
      return;
    case "positionReset":
      if (event.why === "truncation") reached.add("consumer-sent-back");
      if (event.why === "outOfRange") reached.add("consumer-out-of-range");
      return;
    default:
      return onQuorum(watch, node, event);
  }
}

const retries: ReadonlyMap<string, MarkId> = new Map<string, MarkId>([
  ["NOT_ENOUGH_REPLICAS", "produce-refused"],
  ["FENCED_LEADER_EPOCH", "fenced-client"],
  ["UNKNOWN_LEADER_EPOCH", "fenced-client"],
  ["NOT_LEADER_OR_FOLLOWER", "not-leader"],
  ["OFFSET_NOT_AVAILABLE", "end-not-known"],
  ["OUT_OF_ORDER_SEQUENCE_NUMBER", "sequence-gap"],
]);

function onRetried(reached: Set<MarkId>, reason: string): void {
  const mark = retries.get(reason);
  if (mark !== undefined) reached.add(mark);
}

function onQuorum(watch: MarkWatch, node: string, event: CoreEvent): void {
  const { reached } = watch;
  switch (event.type) {
    case "brokerFenced":
      reached.add("broker-fenced");
      return;
    case "brokerLeaving":
      reached.add("controlled-shutdown");
      return;
    case "brokerRegistered":
      if (watch.registered.has(event.broker)) reached.add("broker-returned");
      watch.registered.add(event.broker);
      return;
    case "controllerElected":
      if (watch.controller !== "" && watch.controller !== node) reached.add("controller-changed");
      watch.controller = node;
      return;
    case "voted":
      if (!event.granted) reached.add(event.preVote ? "pre-vote-refused" : "vote-refused");
      return;
    case "quorumRole":
      if (event.role === "resigned") reached.add("controller-resigned");
      return;
    case "metadataSnapshot":
      reached.add(`metadata-snapshot-${event.how}`);
      return;
    default:
      return;
  }
}

function onPartition(
  watch: MarkWatch,
  event: Extract<CoreEvent, { type: "partitionChanged" }>,
): void {
  const { reached, isr, leaders, waiting } = watch;
  const { partition, why, leader, replicas, elr } = event;
  const before = isr.get(partition);
  const members: readonly number[] = event.isr;
  const led = leaders.get(partition) ?? -1;
  isr.set(partition, members);
  leaders.set(partition, leader);
  if (elr.length > 0) reached.add("eligible-remembered");
  if (why === "created") {
    const index = Number(partition.slice(partition.lastIndexOf("-") + 1));
    if (before === undefined && index > 0 && watch.changed) reached.add("partitions-added");
    return;
  }
  watch.changed = true;
  if (why === "elected" && led !== leader) reached.add("leader-elected");
  if (why === "elrElected") reached.add("elr-elected");
  if (why === "lastKnownElected") reached.add("last-known-elected");
  if (why === "uncleanElected") reached.add("unclean-elected");
  if (why === "offline") reached.add("nobody-leads");
  const isShrunk = before?.some((id) => !members.includes(id)) === true;
  const isGrown = before !== undefined && members.some((id) => !before.includes(id));
  if (why === "elected" && led >= 0 && leader === replicas[0] && !isShrunk && !isGrown)
    reached.add("preferred-elected");
  if (isGrown) reached.add("isr-grew");
  if (!isShrunk) return;
  reached.add("isr-shrank");
  if ((waiting.get(`b${leader} ${partition}`) ?? 0) > 0)
    reached.add("isr-shrank-while-produce-waited");
}
