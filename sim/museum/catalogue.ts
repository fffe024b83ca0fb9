/*
 * The museum: flaws that Kafka once had, and settings that still cost what they once cost. Each row says what it breaks
 * and what mended it; the switch of a core flaw stands in the core, where the right behaviour is decided.
 */
import type { BrokerSettings, FlawId, ProducerSettings, TopicSettings } from "#core";

/** Settings of a whole scenario: of all brokers, all topics and all producers. */
export interface Switched {
  readonly broker?: Partial<BrokerSettings>;
  readonly topic?: Partial<TopicSettings>;
  readonly producer?: Partial<ProducerSettings>;
}

interface Described {
  readonly id: FlawId;
  /** Where it was described or mended; "": nowhere in particular. */
  readonly kip: string;
  /** Ids of the guarantees that break, the plainest first. */
  readonly promises: readonly string[];
  /** What goes wrong, to a student. */
  readonly sentence: string;
  readonly fix: string;
  /** Families in which the search looks for it, where not in `failover` and `chains`. */
  readonly families?: readonly string[];
}

/** `flaw`: the promise stays promised, and breaks. `setting`: a precondition is off, and the claim breaks. */
export type FlawRow =
  | (Described & { readonly kind: "flaw" })
  | (Described & {
      readonly kind: "setting";
      /** Preconditions that are off for what it breaks. */
      readonly off: readonly string[];
      readonly on: Switched;
      /** What a careful operator sets instead: the same runs hold under it. */
      readonly careful: Switched;
      /** What it breaks counts only where the last known leader was elected though a longer log held the record. */
      readonly passesOver?: true;
    });

const survives = "acknowledged-survives";
const complete = "in-sync-holds-committed";

/** In the order in which Kafka's history is told. */
export const museum: readonly FlawRow[] = [
  {
    id: "hw-truncate",
    kip: "KIP-101",
    kind: "flaw",
    promises: [survives, complete],
    sentence:
      "A new follower cuts its log to its own high watermark, which is one round trip old: it throws away what was acknowledged, and then leads.",
    fix: "A follower cuts where the leader's epochs part from its own.",
  },
  {
    id: "offset-only-answer",
    kip: "KIP-279",
    kind: "flaw",
    promises: ["consumer-order", complete],
    sentence:
      "The leader answers where an epoch ends, but not which epoch it speaks of: after two quick failovers a follower keeps a record that nobody else has.",
    fix: "The answer names the largest epoch not above the asked one, and the follower asks again until they agree.",
    families: ["handovers"],
  },
  {
    id: "no-client-epoch",
    kip: "KIP-320",
    kind: "flaw",
    promises: ["readers-are-told"],
    sentence:
      "A consumer does not say which epoch it has read: where the log was cut and has grown again, it goes on behind records that it never sees.",
    fix: "Fetch carries the epoch of the last record read, and the leader says where the two logs part.",
  },
  {
    id: "unclean",
    kip: "KIP-106",
    kind: "setting",
    promises: [survives],
    off: ["clean-election"],
    on: {
      broker: { "unclean.leader.election.enable": true },
      topic: { "unclean.leader.election.enable": true },
    },
    careful: {
      broker: { "unclean.leader.election.enable": false },
      topic: { "unclean.leader.election.enable": false },
    },
    sentence:
      "Whoever is there may lead, in sync or not, and the others cut their logs to match its own.",
    fix: "unclean.leader.election.enable=false, the default since 0.11 (KIP-106).",
  },
  {
    id: "acks-1",
    kip: "KIP-679",
    kind: "setting",
    promises: [survives],
    off: ["acks-all"],
    on: { producer: { acks: "1" } },
    careful: { producer: { acks: "all" } },
    sentence: "The producer is told that a record is safe when the leader alone has it.",
    fix: "acks=all, the default since 3.0.",
  },
  {
    id: "m-1",
    kip: "KAFKA-1555",
    kind: "setting",
    promises: [survives],
    off: ["isr-survivor"],
    on: { broker: { "min.insync.replicas": 1 }, topic: { "min.insync.replicas": 1 } },
    careful: { broker: { "min.insync.replicas": 2 }, topic: { "min.insync.replicas": 2 } },
    sentence:
      "The leader may be the only one in sync, and acks=all is then the word of one machine.",
    fix: "min.insync.replicas=2 with three replicas.",
    families: ["returns"],
  },
  {
    id: "last-standing",
    kip: "KIP-966",
    kind: "setting",
    promises: [survives],
    off: ["isr-survivor"],
    on: { broker: { "eligible.leader.replicas.version": 0 } },
    careful: { broker: { "eligible.leader.replicas.version": 1 } },
    sentence:
      "The last one in sync stays in the ISR whatever it has lost: it comes back without its bytes, leads, and the others cut theirs.",
    fix: "Eligible leader replicas: who left an ISR that was too small may lead, and who died may not (on by default since 4.1).",
    families: ["returns"],
  },
  {
    id: "no-fsync",
    kip: "",
    kind: "setting",
    promises: [survives],
    off: ["isr-survivor"],
    on: {
      broker: { "log.flush.interval.messages": 1_000_000_000_000 },
      topic: { "flush.messages": 1_000_000_000_000 },
    },
    careful: { broker: { "log.flush.interval.messages": 1 }, topic: { "flush.messages": 1 } },
    sentence:
      "Nothing is fsynced on the way of an append: a power loss of all replicas takes what is only in page caches.",
    fix: "flush.messages=1, or replicas that do not share one power supply.",
  },
  {
    id: "last-known-leader",
    kip: "KIP-966",
    kind: "setting",
    promises: [survives],
    off: ["isr-survivor"],
    on: { broker: { "last.known.leader.enable": true } },
    careful: { broker: { "last.known.leader.enable": false } },
    passesOver: true,
    sentence:
      "Where every eligible replica has died, the last leader leads again as soon as it is back, though another one may hold more; with it off the partition stays without a leader.",
    fix: "None yet: the longest log should lead (KIP-966, part 2). Switched off, somebody has to decide who leads.",
  },
  {
    id: "stale-join",
    kip: "KIP-903",
    kind: "flaw",
    promises: [survives, complete],
    sentence:
      "A replica is let into the ISR for what its last life held: it has lost power and bytes since, and leads when the others die.",
    fix: "AlterPartition names the broker epoch of each member, and the controller compares.",
    families: ["returns"],
  },
  {
    id: "no-broker-epoch",
    kip: "KIP-380",
    kind: "flaw",
    promises: ["dead-stay-silent"],
    sentence:
      "A late heartbeat of a dead process acts on the one that has taken its place: it is fenced for a wish that it never had.",
    fix: "Requests to the controller carry the broker epoch; a stale one is refused (STALE_BROKER_EPOCH).",
  },
  {
    id: "eager-isr",
    kip: "KIP-497",
    kind: "flaw",
    promises: [survives, complete],
    sentence:
      "A leader counts with the smaller ISR that it has only asked for, while the controller still may elect whom it left out.",
    fix: "Until the controller has committed a change the leader waits for the larger of the two sets.",
  },
  {
    id: "join-at-hw",
    kip: "KAFKA-7128",
    kind: "flaw",
    promises: [survives, complete],
    sentence:
      "A replica joins the ISR once it reaches the new leader's high watermark, which lies below what the last leader acknowledged.",
    fix: "It must reach the start of the leader's epoch, too.",
    families: ["handovers"],
  },
  {
    id: "divergence-counted",
    kip: "KAFKA-14704, KAFKA-13141",
    kind: "flaw",
    promises: [survives, complete],
    sentence:
      "A fetch offset counts as an acknowledgement although the fetcher's log has parted from the leader's.",
    fix: "What diverges is cut first; only then its offset counts.",
    families: ["handovers"],
  },
  {
    id: "offsets-go-back",
    kip: "KIP-207",
    kind: "flaw",
    promises: ["ends-only-rise"],
    sentence:
      "A new leader tells clients an end of the log below the one that they were told before.",
    fix: "OFFSET_NOT_AVAILABLE until the high watermark has reached the start of the epoch.",
  },
  {
    id: "not-idempotent",
    kip: "KIP-98",
    kind: "setting",
    promises: ["producer-order"],
    off: ["idempotent-producer"],
    on: { producer: { "enable.idempotence": false } },
    careful: { producer: { "enable.idempotence": true } },
    sentence:
      "A batch that is sent again after a lost answer stands in the log twice, or behind its successor.",
    fix: "enable.idempotence=true, the default since 3.0.",
  },
  {
    id: "any-first-sequence",
    kip: "KAFKA-15591",
    kind: "flaw",
    promises: ["producer-order"],
    sentence:
      "A broker takes whatever comes first from a producer that it does not know: a batch overtakes one that was refused a moment ago.",
    fix: "Where nothing was ever written the first sequence has to be 0; and a producer's first batch goes alone.",
    families: ["chains"],
  },
  {
    id: "disruptive-voter",
    kip: "KIP-996",
    kind: "flaw",
    promises: ["heard-leader-stays"],
    sentence:
      "A controller that was cut off stands for election again and again; when it is back, its epoch deposes the leader that all others hear.",
    fix: "PreVote: it asks first whether anybody would vote for it, and binds nobody.",
  },
  {
    id: "wiped-voter",
    kip: "KIP-853",
    kind: "flaw",
    promises: ["metadata-agrees"],
    sentence:
      "A controller that has lost its disk votes on, as if it still knew what it had helped to commit: its vote elects one that never had it.",
    fix: "A voter is its id and its disk (directory.id): on another disk it may not vote until it is taken in anew.",
    families: ["quorum"],
  },
  {
    id: "skipped-epoch",
    kip: "",
    kind: "flaw",
    promises: [complete, survives],
    sentence:
      "A leader that missed an epoch in between goes on counting what a follower held before it cut its log.",
    fix: "Whoever leads again forgets how far its followers were, unless its epoch rose by exactly one.",
    families: ["handovers"],
  },
];

/** The row of a flaw; undefined: it is not in the museum. */
export const rowOf = (id: string): FlawRow | undefined => museum.find((row) => row.id === id);
