/*
 * All guarantees: one catalogue for tests, command line and lab.
 */
import type { Audit } from "../audit/audit.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { TraceEvent } from "../trace/events.ts";
import { comparePlain } from "../world/compare-worlds.ts";
import { acknowledgedSurvives } from "./acknowledged-survives.ts";
import { consumerOrder } from "./consumer-order.ts";
import { newCopies } from "./copies-state.ts";
import { deadStaySilent } from "./dead-stay-silent.ts";
import { endsOnlyRise } from "./ends-only-rise.ts";
import { type AnyGuarantee, type Judgement, judgementOf } from "./guarantee.ts";
import { heardLeaderStays } from "./heard-leader-stays.ts";
import { imagesConverge } from "./images-converge.ts";
import { inSyncHoldsCommitted } from "./in-sync-holds-committed.ts";
import { makesProgress } from "./makes-progress.ts";
import { noAssertionFails } from "./no-assertion-fails.ts";
import { epochsOnlyRise } from "./epochs-only-rise.ts";
import { failedStaysUnread } from "./failed-stays-unread.ts";
import { flushedStays } from "./flushed-stays.ts";
import { isrShrinksLate } from "./isr-shrinks-late.ts";
import { memoryFollowsLog } from "./memory-follows-log.ts";
import { marksAgree } from "./marks-agree.ts";
import { metadataAgrees } from "./metadata-agrees.ts";
import { noInvention } from "./no-invention.ts";
import { oneLeaderPerEpoch } from "./one-leader-per-epoch.ts";
import { oneRecordPerPlace } from "./one-record-per-place.ts";
import { readStays } from "./read-stays.ts";
import { waitsForInSync } from "./waits-for-in-sync.ts";
import { withinTheLog } from "./within-the-log.ts";
import { producerOrder } from "./producer-order.ts";
import { readersAreTold } from "./readers-are-told.ts";
import { writtenStays } from "./written-stays.ts";

/** In the order in which people are shown them. */
export const guarantees: readonly AnyGuarantee[] = [
  producerOrder,
  consumerOrder,
  acknowledgedSurvives,
  readersAreTold,
  endsOnlyRise,
  deadStaySilent,
  inSyncHoldsCommitted,
  heardLeaderStays,
  makesProgress,
  readStays,
  noInvention,
  failedStaysUnread,
  oneLeaderPerEpoch,
  epochsOnlyRise,
  oneRecordPerPlace,
  marksAgree,
  metadataAgrees,
  imagesConverge,
  withinTheLog,
  memoryFollowsLog,
  isrShrinksLate,
  waitsForInSync,
  flushedStays,
  writtenStays,
  noAssertionFails,
] as readonly AnyGuarantee[];

/**
 * The states of all checkers of a run, by guarantee: plain data, copied with the world. Some stand on one bookkeeping of
 * copies, so whoever copies them keeps what is shared shared.
 */
export type Checkers = Map<string, unknown>;

export const beginCheckers = (
  scenario: Scenario,
  all: readonly AnyGuarantee[] = guarantees,
): Checkers => {
  const copies = newCopies(scenario);
  return new Map(all.map((one) => [one.id, one.begin(scenario, copies)]));
};

/**
 * Whether what is promised in two scenarios depends on them in the same way: then checkers that were begun for one judge a
 * run of the other, from its start, as its own would.
 */
export const areJudgedAlike = (one: Scenario, other: Scenario): boolean =>
  comparePlain(beginCheckers(one), beginCheckers(other)) === undefined;

/** Hands every checker one event. */
export function stepCheckers(
  checkers: Checkers,
  event: TraceEvent,
  all: readonly AnyGuarantee[] = guarantees,
): void {
  for (const one of all) one.step(checkers.get(one.id), event);
}

/** Hands those checkers that ask for it what a look into a process showed. */
export function auditCheckers(
  checkers: Checkers,
  audit: Audit,
  all: readonly AnyGuarantee[] = guarantees,
): void {
  for (const one of all) one.audit?.(checkers.get(one.id), audit);
}

/** How every guarantee stands. `claim`: those are judged as if they were promised. */
export const judgements = (
  checkers: Checkers,
  claim?: string | readonly string[],
  all: readonly AnyGuarantee[] = guarantees,
): Judgement[] => {
  const claims = typeof claim === "string" ? [claim] : (claim ?? []);
  return all.map((one) =>
    judgementOf(one.id, one.verdict(checkers.get(one.id)), claims.includes(one.id)),
  );
};
