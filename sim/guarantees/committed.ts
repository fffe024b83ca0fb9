/*
 * What every promise about a partition's committed records asks for, whoever makes it.
 */
import { topicOf } from "../scenario/operating.ts";
import { type Copies, disksKeepBits, isWhollyCovered, keepsBits } from "./copies.ts";
import type { Precondition } from "./guarantee.ts";

export const cleanElection: Precondition = {
  id: "clean-election",
  sentence: "only an in-sync replica may be elected (unclean.leader.election.enable=false)",
};

/** Of a whole partition: once a record may have been lost from it, another may come to stand at its offset. */
export const isrSurvivor: Precondition = {
  id: "isr-survivor",
  sentence: "no power loss took bytes of the partition while every in-sync replica had been hit",
};

export const topicKept: Precondition = {
  id: "topic-kept",
  sentence: "the operator does not delete the topic",
};

/** What a checker knows of the faults that a promise about committed records depends on. */
export interface Hazards {
  /** Topics in which a replica that is not in sync may lead. */
  readonly unclean: ReadonlySet<string>;
  readonly copies: Copies;
}

/** The preconditions that are off, by what was seen until now, for everything in a partition. */
export function offForPartition({ unclean, copies }: Hazards, partition: string): string[] {
  const off: string[] = [];
  if (unclean.has(topicOf(partition))) off.push(cleanElection.id);
  if (!isWhollyCovered(copies, partition)) off.push(isrSurvivor.id);
  if (!keepsBits(copies, partition)) off.push(disksKeepBits.id);
  return off;
}
