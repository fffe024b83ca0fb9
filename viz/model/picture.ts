/*
 * What the trace says up to one event, in the shape of what is drawn: nodes, links, messages under way, and
 * one strip per replica. Plain data, made only by folding events, so the same events give the same picture.
 * Everything carries the `seq` of the event that put it there. Records are replaced, never changed; what
 * grows in place is a picture's own Maps, a partition's `strips` and `told`, and a strip's `batches`.
 */
import type { Micros, NodeName } from "#sim";

export type NodeKind = "broker" | "controller" | "producer" | "consumer" | "admin" | "verifier";
export type NodeState = "up" | "paused" | "stopped" | "crashed" | "powerLost" | "failed";

/** A process and the machine it runs on. */
export interface NodePicture {
  readonly name: NodeName;
  readonly kind: NodeKind;
  readonly state: NodeState;
  /** Counts starts of the process. */
  readonly life: number;
  /** The event that brought it into this state, and when. */
  readonly event: number;
  readonly since: Micros;
  /** A broker that the controller does not let lead (absent: never registered). */
  readonly fenced?: boolean;
  /** A controller that leads its quorum: its epoch. */
  readonly leads?: number;
  /** Metadata offset applied (broker) or committed (controller), exclusive. */
  readonly metadata?: number;
  /** Requests parked in its purgatories. */
  readonly waiting: Readonly<Record<"Produce" | "Fetch" | "DeleteRecords", number>>;
  /** Open connections at its end. */
  readonly connections: ReadonlyMap<number, NodeName>;
  /** Those of them that carry nothing any more, to the event that silenced them; absent: none. */
  readonly silent?: ReadonlyMap<number, number>;
  /** What ails its machine, in the order in which it struck; absent: nothing ever did. */
  readonly ails?: readonly AilPicture[];
  readonly client?: ClientPicture;
}

/** Something is wrong with a machine from a fault's strike to its heal, and its process may run all the same. */
export interface AilPicture {
  readonly event: number;
  /** The fault's place in the scenario. */
  readonly index: number;
  readonly word: string;
  readonly words: string;
}

/** What an application asked of its client and was told. */
export interface ClientPicture {
  readonly sent: number;
  readonly acknowledged: number;
  readonly unknown: number;
  readonly failed: number;
  readonly seen: number;
  /** Consumer: the next offset that it hands out, and the event that said so. */
  readonly positions: ReadonlyMap<string, { readonly offset: number; readonly event: number }>;
}

/** `quorum`: between controllers, or a broker that follows their metadata log. */
export type Traffic = "heartbeat" | "quorum" | "other";

/** A frame between its `sent` and its end. `arrival` null: held where a link is cut. */
export interface MessagePicture {
  readonly event: number;
  readonly from: NodeName;
  readonly to: NodeName;
  readonly api: string;
  readonly traffic: Traffic;
  readonly response: boolean;
  readonly bytes: number;
  readonly sentAt: Micros;
  readonly arrival: Micros | null;
  /** The leader epoch that it carries; absent: none, or several. */
  readonly epoch?: number;
}

/** One batch in one replica's log. `crc` says which batch it is, on every replica. */
export interface BatchPicture {
  readonly event: number;
  readonly base: number;
  readonly next: number;
  readonly epoch: number;
  readonly crc: number;
  readonly segment: number;
  readonly position: number;
  readonly length: number;
}

/** What a replica cut off, until something else is written to it. */
export interface GhostPicture {
  readonly event: number;
  readonly at: Micros;
  readonly reason: "divergence" | "recovery" | "highWatermark" | "disk";
  readonly batches: readonly BatchPicture[];
}

/** Half-open byte ranges of a file, ascending, not touching. */
export type Ranges = readonly (readonly [number, number])[];

/** One replica of one partition: its log as it is, and what its broker believes. */
export interface StripPicture {
  readonly node: NodeName;
  readonly batches: BatchPicture[];
  /** Log start offset: batches below it may lie on the disk, and are no part of the log any more. */
  readonly start: number;
  readonly startEvent: number;
  /** Log end offset: the next one to be written. */
  readonly end: number;
  /** The replica's own high watermark; -1 when it has none yet. */
  readonly highWatermark: number;
  readonly highWatermarkEvent: number;
  readonly role: "leader" | "follower" | "offline" | "none";
  /** Leader epoch, leader and ISR as this replica believes them. */
  readonly epoch: number;
  readonly leader: number;
  readonly isr: readonly number[];
  readonly event: number;
  /** By segment: the bytes of its file that a power loss cannot take. */
  readonly synced: ReadonlyMap<number, Ranges>;
  readonly ghost?: GhostPicture;
}

/** What a producer was told about the record at an offset. */
export interface ToldPicture {
  readonly event: number;
  readonly node: NodeName;
  readonly call: number;
}

/** What the controller last committed about a partition, and its replicas' logs. */
export interface PartitionPicture {
  readonly name: string;
  readonly topic: string;
  readonly replicas: readonly number[];
  /** -1: nobody. */
  readonly leader: number;
  readonly epoch: number;
  readonly isr: readonly number[];
  /** Eligible leader replicas: out of the ISR, and all the same nothing committed can be missing (KIP-966). */
  readonly elr: readonly number[];
  readonly event: number;
  readonly strips: Map<NodeName, StripPicture>;
  /** By offset. More than one only if the same offset was promised twice. */
  readonly told: Map<number, readonly ToldPicture[]>;
}

/** A fault in force: from its strike to its heal. */
export interface FaultPicture {
  readonly event: number;
  readonly at: Micros;
  readonly index: number;
  readonly targets: readonly NodeName[];
  readonly sentence: string;
  /** It makes what goes from some to others slow. */
  readonly slows?: SlowedPicture;
}

/** Directions that are slow: from each of one side to each of the other, and back unless `oneWay`. */
export interface SlowedPicture {
  readonly sides: readonly [readonly NodeName[], readonly NodeName[]];
  readonly oneWay: boolean;
  /** Once the run is healed: only what goes from or to these is slow still. */
  readonly left?: readonly NodeName[];
  /** How slow, after the name of the network between two nodes. */
  readonly words: string;
}

/** One direction between two nodes, and the event that did something to it. */
export interface WayPicture {
  readonly from: NodeName;
  readonly to: NodeName;
  readonly event: number;
}

export interface Picture {
  /** How many events are folded in, and the time of the last one. */
  events: number;
  at: Micros;
  readonly nodes: Map<NodeName, NodePicture>;
  /** Directions that carry nothing, by their names (`wayName`). */
  readonly cuts: Map<string, WayPicture>;
  readonly messages: Map<number, MessagePicture>;
  readonly partitions: Map<string, PartitionPicture>;
  readonly faults: Map<number, FaultPicture>;
  /** Calls to send whose client was told that nobody knows, by name, to the event that told. */
  readonly unsure: Map<string, number>;
  /** `min.insync.replicas` by topic; "": of all brokers. */
  readonly minIsr: Map<string, number>;
  /** Changes of it that were asked for, by `node/call`; without a value: back to what it would be without. */
  readonly asked: Map<string, { readonly topic: string; readonly value: number | undefined }>;
  phase: "run" | "heal" | "verify" | "end";
  /** Whose knowledge this is (see eyes.ts); absent: an observer's, which is the truth. */
  readonly eyes?: NodeName;
  /** The last event with a sentence of its own (see narration.ts); -1 before the first. */
  beat: number;
}

export const newPicture = (): Picture => ({
  events: 0,
  at: 0,
  nodes: new Map(),
  cuts: new Map(),
  messages: new Map(),
  partitions: new Map(),
  faults: new Map(),
  unsure: new Map(),
  minIsr: new Map(),
  asked: new Map(),
  phase: "run",
  beat: -1,
});

/** A picture that folding into the first leaves alone. */
export function copyPicture(picture: Picture): Picture {
  const partitions = new Map<string, PartitionPicture>();
  for (const [name, partition] of picture.partitions) {
    const strips = new Map<NodeName, StripPicture>();
    for (const [node, strip] of partition.strips) {
      strips.set(node, { ...strip, batches: [...strip.batches] });
    }
    partitions.set(name, { ...partition, strips, told: new Map(partition.told) });
  }
  return {
    ...picture,
    nodes: new Map(picture.nodes),
    cuts: new Map(picture.cuts),
    messages: new Map(picture.messages),
    partitions,
    faults: new Map(picture.faults),
    unsure: new Map(picture.unsure),
    minIsr: new Map(picture.minIsr),
    asked: new Map(picture.asked),
  };
}

/** Both directions of a link have one name. */
export const linkName = (a: NodeName, b: NodeName): string => (a < b ? `${a}|${b}` : `${b}|${a}`);

/** Each direction has a name of its own. */
export const wayName = (from: NodeName, to: NodeName): string => `${from}>${to}`;

/** Brokers are named by their ids. */
export const brokerName = (id: number): NodeName => `b${id}`;
