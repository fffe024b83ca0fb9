/*
 * In which size brokers and partitions are drawn, by how many of each a scenario has. Stage
 * and logs choose for themselves, and keep the size all run long.
 */
import type { Scenario } from "#sim";

export type StageSize = "cards" | "chips" | "tiles";
export type LogsSize = "cells" | "multiples" | "heat";

export const stageSizeOf = (brokers: number): StageSize =>
  brokers <= 9 ? "cards" : brokers <= 30 ? "chips" : "tiles";

export const logsSizeOf = (partitions: number): LogsSize =>
  partitions <= 4 ? "cells" : partitions <= 40 ? "multiples" : "heat";

/** Every partition that a scenario's topics have or will have: topic after topic, in the order of their numbers. */
export function partitionsOf({ topics, faults }: Scenario): readonly string[] {
  return topics.flatMap(({ name, partitions }) => {
    const later = faults.map((fault) =>
      fault.type === "addPartitions" && fault.topic === name ? fault.count : 0,
    );
    const count = Math.max(partitions, ...later);
    return Array.from({ length: count }, (_, index) => `${name}-${index}`);
  });
}

/** "orders" of "orders-2". */
export const topicOf = (partition: string): string =>
  partition.slice(0, partition.lastIndexOf("-"));

/** Order in which partitions stand: "orders-2" before "orders-10". */
export function byTopicAndNumber(
  a: { readonly name: string; readonly topic: string },
  b: { readonly name: string; readonly topic: string },
): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  return numberOf(a.name) - numberOf(b.name);
}

const numberOf = (name: string): number => Number(name.slice(name.lastIndexOf("-") + 1));
