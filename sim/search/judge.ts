/*
 * One run, judged: what every search looks at.
 */
import { promisedUnderLoss } from "../guarantees/acknowledged-survives.ts";
import {
  auditCheckers,
  beginCheckers,
  guarantees,
  judgements,
  stepCheckers,
} from "../guarantees/catalogue.ts";
import type { AnyGuarantee, Judgement } from "../guarantees/guarantee.ts";
import { isByHand } from "../faults/kinds.ts";
import { type RunResult, runScenario } from "../run.ts";
import type { Scenario } from "../scenario/schema.ts";
import { type MarkId, newMarkWatch, watchMarks } from "./marks.ts";
import type { TraceEvent } from "../trace/events.ts";

/** What a run showed, so that a search knows whether it looked where something could break. */
export interface Shown {
  readonly acknowledged: number;
  readonly seen: number;
  /** A fault met a live target. */
  readonly struck: boolean;
  /** A fault met a live target after the first record was acknowledged, and at least 20 were. */
  readonly acknowledgedAndStruck: boolean;
  /** A partition changed its leader after its first. */
  readonly election: boolean;
  /** A replica cut at least one record on a diverging epoch. */
  readonly truncation: boolean;
  /** Records acknowledged with acks=all under clean elections, and those that lost a copy while the promise held. */
  readonly promised: { readonly acknowledged: number; readonly under: number };
  /** Marks that the run reached. */
  readonly marks: readonly MarkId[];
}

export interface Judged {
  readonly result: RunResult;
  readonly judgements: readonly Judgement[];
  readonly shown: Shown;
}

/**
 * Runs and judges a scenario by all guarantees, or by those given. `claim`: those are judged as if they were promised.
 * `traffic: false`: the listener hears all but messages, timers and disk operations, which no checker asks for.
 */
export function judge(
  scenario: Scenario,
  options: {
    readonly claim?: string | readonly string[] | undefined;
    readonly listener?: (event: TraceEvent) => void;
    readonly traffic?: boolean;
    readonly guarantees?: readonly AnyGuarantee[] | undefined;
  } = {},
): Judged {
  const all = options.guarantees ?? guarantees;
  const checkers = beginCheckers(scenario, all);
  const watcher = newWatcher();
  const marks = newMarkWatch();
  const result = runScenario(scenario, {
    traffic: options.listener !== undefined && options.traffic !== false,
    auditor: (audit) => auditCheckers(checkers, audit, all),
    listeners: [
      (event) => stepCheckers(checkers, event, all),
      (event) => watch(watcher, event),
      (event) => watchMarks(marks, event),
      ...(options.listener === undefined ? [] : [options.listener]),
    ],
  });
  return {
    result,
    judgements: judgements(checkers, options.claim, all),
    shown: {
      acknowledged: watcher.acknowledged,
      seen: watcher.seen,
      struck: watcher.struck,
      acknowledgedAndStruck: watcher.acknowledged >= 20 && watcher.struckAfter,
      election: watcher.election,
      truncation: watcher.truncation,
      marks: [...marks.reached],
      promised: checkers.has("acknowledged-survives")
        ? promisedUnderLoss(checkers.get("acknowledged-survives"))
        : { acknowledged: 0, under: 0 },
    },
  };
}

interface Watcher {
  acknowledged: number;
  seen: number;
  struck: boolean;
  /** After the first record was acknowledged. */
  struckAfter: boolean;
  election: boolean;
  truncation: boolean;
  readonly leaders: Map<string, number>;
}

const newWatcher = (): Watcher => ({
  acknowledged: 0,
  seen: 0,
  struck: false,
  struckAfter: false,
  election: false,
  truncation: false,
  leaders: new Map(),
});

function watch(watcher: Watcher, event: TraceEvent): void {
  switch (event.type) {
    case "result":
      if (event.outcome.type === "acknowledged") watcher.acknowledged += 1;
      if (event.outcome.type === "polled" && event.node !== "v1") {
        watcher.seen += event.outcome.records.length;
      }
      return;
    case "fault":
      if (!event.met || isByHand(event.fault)) return;
      watcher.struck = true;
      if (watcher.acknowledged > 0) watcher.struckAfter = true;
      return;
    case "note":
      if (event.event.type === "partitionChanged" && event.event.leader !== -1) {
        const { partition, leader } = event.event;
        const first = watcher.leaders.get(partition);
        if (first === undefined) watcher.leaders.set(partition, leader);
        else if (first !== leader) watcher.election = true;
      }
      if (event.event.type === "truncated" && event.event.reason === "divergence") {
        watcher.truncation = true;
      }
      return;
    default:
      return;
  }
}
