/*
 * The simulation, off the page's thread. A run is made in slices, so that a newer wish is heard between two of them;
 * copies of the world are kept on the way, so that a fork goes on from the nearest one instead of from the start.
 */
import {
  type Hearing,
  type SimulatedRun,
  advanceRun,
  copyRun,
  editRun,
  hashOf,
  startRun,
} from "./simulated-run.ts";
import type { Fault, TraceEvent } from "#sim";
import { answerTo } from "./look/answers.ts";
import type { FromWorker, ToWorker, VerdictChange } from "./worker-messages.ts";

/** Virtual microseconds of a slice, and between two kept copies. */
const slice = 100_000;
const keepEvery = 500_000;
/** Events are posted in chunks of at most so many. */
const chunk = 2000;

interface Job {
  readonly id: number;
  readonly run: SimulatedRun;
  /** Events up to and with this one are known to the page. */
  readonly after: number;
  readonly events: TraceEvent[];
  readonly verdicts: VerdictChange[];
}

/** The last run that was made, by id, and its copies in ascending time. */
interface Kept {
  readonly id: number;
  readonly copies: SimulatedRun[];
}

let job: Job | undefined;
let kept: Kept | undefined;

const post = (message: FromWorker): void => postMessage(message);

onmessage = ({ data }: MessageEvent<ToWorker>): void => {
  if (data.type === "look") return look(data);
  try {
    job = data.type === "run" ? newJob(data.run, startRun(data.scenario), -1) : fork(data);
    later();
  } catch (error) {
    fail(data.run, error);
  }
};

/** From the copies of the run that is meant, if it is the last one that was made; else from its start. */
function look({ run, ask, scenario, question }: Extract<ToWorker, { readonly type: "look" }>) {
  const copies = kept?.id === run ? kept.copies.map(({ world }) => world) : [];
  try {
    post({ type: "looked", run, ask, answer: answerTo({ scenario, copies }, question) });
  } catch (error) {
    post({ type: "looked", run, ask, answer: messageOf(error) });
  }
}

const newJob = (id: number, run: SimulatedRun, after: number): Job => ({
  id,
  run,
  after,
  events: [],
  verdicts: [],
});

/** From the last copy before the fork, or from the start of the edited scenario: both lead to the same run. */
function fork(wish: Extract<ToWorker, { readonly type: "fork" }>): Job {
  const base =
    kept?.id === wish.from ? kept.copies.findLast(({ world }) => world.now <= wish.at) : undefined;
  if (base === undefined) return newJob(wish.run, startRun(wish.scenario), wish.after);
  const run = copyRun(base);
  const copies = kept?.copies.filter(({ world }) => world.now <= wish.at) ?? [];
  const next = newJob(wish.run, run, wish.after);
  // After another fork at this very moment the page may not have heard yet what that one did to it.
  advanceRun(run, wish.at, hearingOf(next));
  for (const fault of wish.faults) editRun(run, fault);
  kept = { id: wish.run, copies: copies.map((copy) => editedCopy(copy, wish.faults)) };
  return next;
}

function editedCopy(copy: SimulatedRun, faults: readonly Fault[]): SimulatedRun {
  const edited = copyRun(copy);
  for (const fault of faults) editRun(edited, fault);
  return edited;
}

function later(): void {
  setTimeout(work, 0);
}

function work(): void {
  const now = job;
  if (now === undefined) return;
  try {
    workOn(now);
  } catch (error) {
    job = undefined;
    fail(now.id, error);
  }
}

function workOn(now: Job): void {
  const { run, id, events } = now;
  keep(id, run);
  const over = advanceRun(run, run.world.now + slice, hearingOf(now));
  if (events.length >= chunk || over) send(now);
  if (!over) return later();
  job = undefined;
  post({ type: "done", run: id, hash: hashOf(run), inputs: run.world.inputs });
}

/** Takes in what the page does not know yet. */
const hearingOf = ({ after, events, verdicts }: Job): Hearing => ({
  event: (event) => {
    if (event.seq > after) events.push(event);
  },
  verdict: (change) => {
    if (change.seq > after) verdicts.push(change);
  },
});

function send({ id, events, verdicts }: Job): void {
  post({ type: "events", run: id, events: events.splice(0) });
  post({ type: "verdicts", run: id, changes: verdicts.splice(0) });
}

function keep(id: number, run: SimulatedRun): void {
  if (kept?.id !== id) kept = { id, copies: [] };
  const last = kept.copies.at(-1)?.world.now ?? -Infinity;
  if (run.world.now - last >= keepEvery) kept.copies.push(copyRun(run));
}

function fail(run: number, error: unknown): void {
  post({ type: "failed", run, message: messageOf(error) });
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
