/*
 * Makes runs for a page, in a worker or, where workers are refused, on the page itself. A run is made in slices, so that
 * a newer wish is heard between two of them; copies are kept on the way (see kept-run.ts), so that a fork goes on from
 * the nearest one instead of from the start.
 */
import type { Micros, TraceEvent } from "#sim";
import { type KeptRun, baseOf, editedUntil, keepMoment, newKeptRun, worldsOf } from "./kept-run.ts";
import { answerTo } from "./look/answers.ts";
import {
  type Hearing,
  type SimulatedRun,
  advanceRun,
  copyRun,
  editRun,
  hashOf,
  startRun,
} from "./simulated-run.ts";
import type { FromWorker, ToWorker, VerdictChange } from "./worker-messages.ts";

/** How a simulator shares the thread that it runs on. */
export interface Tempo {
  /** Virtual microseconds that are made at a stretch, and between two kept copies while they are few. */
  readonly stretch: Micros;
  readonly keepEvery: Micros;
  /** Real milliseconds after which a slice makes no further stretch. */
  readonly sliceMs: number;
  /** Events are posted once there are so many. */
  readonly chunk: number;
}

/** A worker has its thread to itself, but a browser lets some milliseconds pass between two slices. */
export const workerTempo: Tempo = {
  stretch: 100_000,
  keepEvery: 500_000,
  sliceMs: 20,
  chunk: 2000,
};

/** On a page a slice and what the page makes of its events leave room for a frame. */
export const pageTempo: Tempo = {
  stretch: 1000,
  keepEvery: 2_000_000,
  sliceMs: 4,
  chunk: 1,
};

export interface Simulator {
  take(wish: ToWorker): void;
  stop(): void;
}

interface Job {
  readonly id: number;
  readonly run: SimulatedRun;
  /** Events up to and with this one are known to the page, and verdicts: -1 if they are judged anew. */
  readonly after: number;
  readonly judgedAfter: number;
  readonly events: TraceEvent[];
  readonly verdicts: VerdictChange[];
}

/** What a simulator is at. */
interface Work {
  readonly tempo: Tempo;
  readonly post: (message: FromWorker) => void;
  job: Job | undefined;
  /** A slice is due: the next wish needs no other, or two of them would share each frame. */
  isDue: boolean;
  /** Of the last run that was made. */
  kept: KeptRun | undefined;
}

export function newSimulator(post: (message: FromWorker) => void, tempo: Tempo): Simulator {
  const work: Work = { tempo, post, job: undefined, isDue: false, kept: undefined };
  return {
    take: (wish) => {
      if (wish.type === "look") return look(work, wish);
      try {
        work.job =
          wish.type === "run" ? newJob(wish.run, startRun(wish.scenario), -1) : fork(work, wish);
        later(work);
      } catch (error) {
        fail(work, wish.run, error);
      }
    },
    stop: () => {
      work.job = undefined;
    },
  };
}

/** From the copies of the run that is meant, if it is the last one that was made; else from its start. */
function look(
  { kept, post }: Work,
  { run, ask, scenario, question }: Extract<ToWorker, { readonly type: "look" }>,
): void {
  const copies = kept?.id === run ? worldsOf(kept) : [];
  try {
    post({ type: "looked", run, ask, answer: answerTo({ scenario, copies }, question) });
  } catch (error) {
    post({ type: "looked", run, ask, answer: messageOf(error) });
  }
}

/** A run from its start, of which the page may have events already. */
const newJob = (id: number, run: SimulatedRun, after: number): Job => ({
  id,
  run,
  after,
  judgedAfter: -1,
  events: [],
  verdicts: [],
});

/**
 * From the last copy before the fork, if its guarantees count for the edited scenario, or from the start of that one: both
 * lead to the same run.
 */
function fork(work: Work, wish: Extract<ToWorker, { readonly type: "fork" }>): Job {
  const kept = work.kept?.id === wish.from ? work.kept : undefined;
  const base = kept === undefined ? undefined : baseOf(kept, wish.scenario, wish.at);
  if (kept === undefined || base === undefined) {
    work.post({ type: "judgedAnew", run: wish.run });
    return newJob(wish.run, startRun(wish.scenario), wish.after);
  }
  const run = copyRun(base);
  for (const fault of wish.faults) editRun(run, fault);
  work.kept = editedUntil(kept, wish);
  return { ...newJob(wish.run, run, wish.after), judgedAfter: wish.after };
}

function later(work: Work): void {
  if (work.isDue) return;
  work.isDue = true;
  setTimeout(() => slice(work), 0);
}

function slice(work: Work): void {
  work.isDue = false;
  const { job } = work;
  if (job === undefined) return;
  try {
    workOn(work, job);
  } catch (error) {
    work.job = undefined;
    fail(work, job.id, error);
  }
}

function workOn(work: Work, job: Job): void {
  const { run, id, events } = job;
  const { stretch, sliceMs, chunk } = work.tempo;
  const began = performance.now();
  let over = false;
  do {
    keep(work, id, run);
    over = advanceRun(run, run.world.now + stretch, hearingOf(job));
  } while (!over && performance.now() - began < sliceMs);
  if (events.length >= chunk || over) send(work, job);
  if (!over) return later(work);
  work.job = undefined;
  work.post({ type: "done", run: id, hash: hashOf(run), inputs: run.world.inputs });
}

/** Takes in what the page does not know yet. */
const hearingOf = ({ after, judgedAfter, events, verdicts }: Job): Hearing => ({
  event: (event) => {
    if (event.seq > after) events.push(event);
  },
  verdict: (change) => {
    if (change.seq > judgedAfter) verdicts.push(change);
  },
});

function send({ post }: Work, { id, events, verdicts }: Job): void {
  post({ type: "events", run: id, events: events.splice(0) });
  post({ type: "verdicts", run: id, changes: verdicts.splice(0) });
}

function keep(work: Work, id: number, run: SimulatedRun): void {
  const kept = work.kept?.id === id ? work.kept : newKeptRun(id, work.tempo.keepEvery);
  work.kept = keepMoment(kept, run);
}

function fail({ post }: Work, run: number, error: unknown): void {
  post({ type: "failed", run, message: messageOf(error) });
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
