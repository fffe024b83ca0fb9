/* How every partition stands, in a word: what a heat tile and the head of a small multiple tell. */
import type { Scenario } from "#sim";
import { type PartitionPicture, type Picture, brokerName } from "./picture.ts";

/** From good to bad; `absent`: nobody has created it. */
export type Health = "full" | "under" | "belowMin" | "offline" | "absent";

export interface PartitionHealth {
  readonly name: string;
  readonly health: Health;
  /** A promise about it is broken. */
  readonly isBroken: boolean;
  /** The event that put it into this state; -1: none has. */
  readonly event: number;
  readonly leader: number;
  readonly epoch: number;
  /** All of it in words. */
  readonly words: string;
}

/** `names` in their fixed order; `broken`: partitions about which a promise is broken. */
export const healthOf = (
  picture: Picture,
  scenario: Scenario,
  names: readonly string[],
  broken: ReadonlySet<string>,
): readonly PartitionHealth[] =>
  names.map((name) => {
    const partition = picture.partitions.get(name);
    const isBroken = broken.has(name);
    if (partition === undefined)
      return { ...unknown, name, isBroken, words: `${name}: not created` };
    const least = minIsrOf(picture, scenario, partition.topic);
    const health = stateOf(partition, least);
    const { event, leader, epoch } = partition;
    const words = wordsOf(partition, health, least) + (isBroken ? "; a promise is broken" : "");
    return { name, health, isBroken, event, leader, epoch, words };
  });

const unknown = { health: "absent", event: -1, leader: -1, epoch: -1 } as const;

function stateOf({ event, leader, isr, replicas }: PartitionPicture, least: number): Health {
  if (event === -1) return "absent";
  if (leader === -1) return "offline";
  if (isr.length < least) return "belowMin";
  return isr.length < replicas.length ? "under" : "full";
}

const healthWords: Readonly<Record<Health, string>> = {
  full: "all in sync",
  under: "under-replicated",
  belowMin: "under min ISR",
  offline: "offline, no leader",
  absent: "not created",
};

function wordsOf(
  { name, leader, epoch, isr, replicas }: PartitionPicture,
  health: Health,
  least: number,
): string {
  if (health === "absent") return `${name}: ${healthWords.absent}`;
  const led = leader === -1 ? "" : `, led by ${brokerName(leader)} in epoch ${epoch}`;
  const minimum = health === "belowMin" ? ` (at least ${least})` : "";
  return `${name}: ${healthWords[health]}${led}, ${isr.length} of ${replicas.length} in sync${minimum}`;
}

/** What the trace says of `min.insync.replicas`, else what the cluster was started with. */
function minIsrOf({ minIsr }: Picture, { cluster }: Scenario, topic: string): number {
  return minIsr.get(topic) ?? minIsr.get("") ?? cluster.config["min.insync.replicas"] ?? 1;
}
