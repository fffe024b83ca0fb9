/*
 * What every promise about a partition's committed records asks for, whoever makes it.
 */
import { topicOf } from "../scenario/operating.ts";
import { disksKeepBits, isCovered, isStretchCovered, keepsBits } from "./copies.ts";
import { type Batch, type Copies } from "./copies-state.ts";
import type { Precondition } from "./guarantee.ts";

export const cleanElection: Precondition = {
  id: "clean-election",
  sentence: "only an in-sync replica may be elected (unclean.leader.election.enable=false)",
};

/** Of what is judged alone: a record that may have been lost excuses itself, and nothing beside it. */
export const isrSurvivor: Precondition = {
  id: "isr-survivor",
  sentence:
    "no power loss took the bytes of what is judged while every in-sync replica had been hit",
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

/**
 * The preconditions that are off, by what was seen until now, for the records of a partition from one offset to another
 * (exclusive); with `epoch` for those of them that were appended under it.
 */
export function offForStretch(
  { unclean, copies }: Hazards,
  partition: string,
  from: number,
  to: number,
  epoch?: number,
): string[] {
  return offIf(
    unclean.has(topicOf(partition)),
    isStretchCovered(copies, partition, from, to, epoch),
    keepsBits(copies, partition, to),
  );
}

/** The same for one batch. */
export const offForBatch = (
  { unclean, copies }: Hazards,
  partition: string,
  batch: Batch | undefined,
): string[] =>
  offIf(
    unclean.has(topicOf(partition)),
    isCovered(copies, partition, batch),
    keepsBits(copies, partition, batch?.next ?? Infinity),
  );

function offIf(isUnclean: boolean, covered: boolean, intact: boolean): string[] {
  const off: string[] = [];
  if (isUnclean) off.push(cleanElection.id);
  if (!covered) off.push(isrSurvivor.id);
  if (!intact) off.push(disksKeepBits.id);
  return off;
}
