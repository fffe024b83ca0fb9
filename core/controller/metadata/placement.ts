/*
 * Where replicas of new partitions go, in the way of Kafka's StripedReplicaPlacer: replicas of a partition go round the
 * racks, and each partition begins one rack, and in each rack one broker, further, so that leaders are spread.
 */
import type { BrokerId } from "../../foundation/ids.ts";

/** A broker that may hold replicas; a fenced one comes last in its rack and never leads. */
export interface UsableBroker {
  readonly id: BrokerId;
  /** Brokers that do not say where they stand form a rack together. */
  readonly rack: string | null;
  readonly fenced: boolean;
}

/** Brokers of one rack and one state; each partition begins one further in the list. */
interface Stripe {
  readonly ids: BrokerId[];
  offset: number;
  /** The partition that it was last asked for, and how many it gave for that. */
  round: number;
  given: number;
}

interface Rack {
  readonly name: string | null;
  readonly unfenced: Stripe;
  readonly fenced: Stripe;
}

interface Racks {
  readonly racks: Rack[];
  readonly unfenced: number;
  readonly random: () => number;
  first: number;
  round: number;
}

/**
 * Replicas of partitions that follow those that a topic has already (`existing`, none for a new one). At least one of
 * the brokers is not fenced, and there are no fewer of them than a partition has replicas (`factor`). `random`: uint32.
 */
export function placeReplicas(
  brokers: readonly UsableBroker[],
  partitions: number,
  factor: number,
  random: () => number,
  existing: readonly (readonly BrokerId[])[] = [],
): readonly (readonly BrokerId[])[] {
  const racks = rackList(brokers, random, existing);
  return Array.from({ length: partitions }, () => placeOne(racks, factor));
}

function rackList(
  brokers: readonly UsableBroker[],
  random: () => number,
  existing: readonly (readonly BrokerId[])[],
): Racks {
  const names = [...new Set(brokers.map(({ rack }) => rack))].sort(byName);
  const racks = names.map((name): Rack => {
    const here = brokers.filter(({ rack }) => rack === name).toSorted((a, b) => a.id - b.id);
    const [unfenced, fenced] = [false, true].map((is) =>
      here.filter((broker) => broker.fenced === is).map(({ id }) => id),
    );
    return {
      name,
      unfenced: newStripe(unfenced ?? [], existing, random),
      fenced: newStripe(fenced ?? [], existing, random),
    };
  });
  const lastLeader = existing.at(-1)?.[0];
  const lastRack = brokers.find(({ id }) => id === lastLeader)?.rack;
  const last = lastRack === undefined ? -1 : names.indexOf(lastRack);
  // One rack is no choice: nothing is drawn for it.
  const first = last >= 0 ? last + 1 : racks.length > 1 ? random() % racks.length : 0;
  const unfenced = brokers.filter((broker) => !broker.fenced).length;
  return { racks, unfenced, random, first, round: 0 };
}

const byName = (a: string | null, b: string | null): number =>
  a === b ? 0 : a === null || (b !== null && a < b) ? -1 : 1;

/** Goes on after the broker that a topic's last partitions used, or begins in a drawn order. */
function newStripe(
  ids: BrokerId[],
  existing: readonly (readonly BrokerId[])[],
  random: () => number,
): Stripe {
  const used = existing.findLast((replicas) => replicas.some((id) => ids.includes(id)));
  const last = used?.find((id) => ids.includes(id));
  if (last === undefined) shuffle(ids, random);
  return { ids, offset: last === undefined ? -1 : ids.indexOf(last), round: -1, given: 0 };
}

function placeOne(self: Racks, factor: number): readonly BrokerId[] {
  const { racks, round, random } = self;
  // Once every broker has led, the order is drawn anew, so that the same assignments do not come again.
  if (round > 0 && self.unfenced > 1 && round % self.unfenced === 0) {
    shuffle(racks, random);
    for (const { unfenced, fenced } of racks) {
      shuffle(unfenced.ids, random);
      shuffle(fenced.ids, random);
    }
  }
  const from = self.first % racks.length;
  const replicas: BrokerId[] = [];
  let leading = from;
  while (replicas.length === 0) {
    const leader = next(racks[leading]?.unfenced, round);
    if (leader !== undefined) replicas.push(leader);
    else leading = (leading + 1) % racks.length;
  }
  // The leader's rack has given one already when the others are gone through for the first time.
  for (let i = 0; replicas.length < factor; i++) {
    const at = (from + i) % racks.length;
    if (i < racks.length && at === leading) continue;
    const rack = racks[at];
    const replica = next(rack?.unfenced, round) ?? next(rack?.fenced, round);
    if (replica !== undefined) replicas.push(replica);
  }
  self.round += 1;
  self.first = from + 1;
  return replicas;
}

/** The next broker of a stripe for a partition; undefined: it has given them all. */
function next(stripe: Stripe | undefined, round: number): BrokerId | undefined {
  if (stripe === undefined || stripe.ids.length === 0) return undefined;
  const { ids } = stripe;
  if (stripe.round !== round) {
    stripe.round = round;
    stripe.given = 0;
    stripe.offset = (stripe.offset + 1) % ids.length;
  }
  if (stripe.given >= ids.length) return undefined;
  return ids[(stripe.offset + stripe.given++) % ids.length];
}

function shuffle<T>(items: T[], random: () => number): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random() % (i + 1);
    const [one, other] = [items[i], items[j]];
    if (one === undefined || other === undefined) continue;
    items[i] = other;
    items[j] = one;
  }
}
