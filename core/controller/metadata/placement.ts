import type { BrokerId } from "../../foundation/ids.ts";

/**
 * Replicas for a new topic, in the way of Kafka's StripedReplicaPlacer without racks: brokers in a drawn order, each
 * partition beginning one further, so that leaders are spread. Fenced brokers come last and never lead.
 */
export function placeReplicas(
  active: readonly BrokerId[],
  fenced: readonly BrokerId[],
  partitions: number,
  factor: number,
  random: () => number,
): readonly (readonly BrokerId[])[] {
  const order = shuffled(active, random);
  const rest = shuffled(fenced, random);
  return Array.from({ length: partitions }, (_, partition) => {
    const from = partition % order.length;
    const turned = [...order.slice(from), ...order.slice(0, from), ...rest];
    return turned.slice(0, factor);
  });
}

function shuffled(ids: readonly BrokerId[], random: () => number): BrokerId[] {
  const order = ids.toSorted((a, b) => a - b);
  for (let i = order.length - 1; i > 0; i--) {
    const j = random() % (i + 1);
    const held = order[i];
    const other = order[j];
    if (held === undefined || other === undefined) continue;
    order[i] = other;
    order[j] = held;
  }
  return order;
}
