import { afterEach, expect, test, vi } from "vitest";
import { type Fault, type Scenario, parseScenario } from "#sim";
import {
  type Run,
  forkMessage,
  forkOf,
  hear,
  newRun,
  runMessage,
  verdictsAt,
} from "../../viz/run.ts";
import { fromLibrary } from "../support/library-runs.ts";
import { newSimulator, workerTempo } from "../../viz/simulator.ts";
import type { FromWorker, ToWorker } from "../../viz/worker-messages.ts";

/** A broker falls behind, the others die, and nobody may lead who is not in sync. */
function base(): Scenario {
  const story = fromLibrary("unclean-election");
  const topics = story.topics.map((topic) => ({ ...topic, config: {} }));
  return parseScenario({ ...story, topics });
}

const edits: Readonly<Record<string, readonly Fault[]>> = {
  "somebody crashes": [{ type: "crash", atMs: 5000, target: { node: "b3" } }],
  "an election may be unclean": [
    {
      type: "configChange",
      atMs: 5000,
      topic: "orders",
      config: { "unclean.leader.election.enable": true },
    },
  ],
  "the topic is deleted": [{ type: "deleteTopic", atMs: 5000, topic: "orders" }],
};

/** Sends a wish, and takes in all that is said of its run until it is whole. */
function made(simulator: ReturnType<typeof simulatorOf>, run: Run, wish: ToWorker): Promise<Run> {
  return new Promise((resolve, reject) => {
    simulator.hears = (message) => {
      hear(run, message);
      if (message.type === "done") resolve(run);
      if (message.type === "failed") reject(new Error(message.message));
    };
    simulator.take(wish);
  });
}

function simulatorOf(): { hears: (message: FromWorker) => void; take: (wish: ToWorker) => void } {
  const all = { hears: (_: FromWorker): void => undefined };
  const { take } = newSimulator((message) => all.hears(message), workerTempo);
  return Object.assign(all, { take });
}

/** How each guarantee stands in the end. */
const standing = (run: Run): unknown =>
  [...verdictsAt(run, Infinity).values()].map(({ id, state, checked, exempt, off, evidence }) => ({
    id,
    state,
    checked,
    exempt,
    off,
    evidence,
  }));

test.each(Object.entries(edits))(
  "a fork is the run of the edited scenario, and its guarantees stand as that one's do: %s",
  async (_, faults) => {
    const scenario = base();
    const edited = { ...scenario, faults: [...scenario.faults, ...faults] };
    const simulator = simulatorOf();
    const run = newRun(1, scenario);
    await made(simulator, run, runMessage(run));
    const fork = forkOf(run, 2, edited, 4_900_000);
    await made(simulator, fork, forkMessage(fork, run, 4_900_000, faults));
    const fresh = newRun(3, edited);
    await made(simulatorOf(), fresh, runMessage(fresh));
    expect(fork.hash).toBe(fresh.hash);
    expect(fork.recording.events).toEqual(fresh.recording.events);
    expect(standing(fork)).toEqual(standing(fresh));
  },
);

const crashOf = (broker: string, atMs: number): Fault => ({
  type: "crash",
  atMs,
  target: { node: broker },
});

/** A run with one more crash, as a fork of `from` at `atMs`. */
async function forked(simulator: ReturnType<typeof simulatorOf>, from: Run, fault: Fault) {
  const { scenario } = from;
  const edited = { ...scenario, faults: [...scenario.faults, fault] };
  const at = fault.atMs * 1000;
  const fork = forkOf(from, from.id + 1, edited, at);
  return made(simulator, fork, forkMessage(fork, from, at, [fault]));
}

test("a fork of a fork keeps the first edit, even where it goes on from before it; so do looks into it", async () => {
  const simulator = simulatorOf();
  const run = newRun(1, base());
  await made(simulator, run, runMessage(run));
  const first = await forked(simulator, run, crashOf("b3", 1900));
  const second = await forked(simulator, first, crashOf("b2", 1700));
  const fresh = newRun(9, second.scenario);
  const other = simulatorOf();
  await made(other, fresh, runMessage(fresh));
  expect(second.hash).toBe(fresh.hash);
  expect(second.recording.events).toEqual(fresh.recording.events);
  const question = { type: "state", node: "b3", moment: { at: 1_950_000 } } as const;
  const looked = ({ id, scenario }: Run, made: typeof simulator): Promise<unknown> =>
    new Promise((resolve) => {
      made.hears = (message) => message.type === "looked" && resolve(message.answer);
      made.take({ type: "look", run: id, ask: 1, scenario, question });
    });
  const [mine, theirs] = [await looked(second, simulator), await looked(fresh, other)];
  expect(mine).toEqual(theirs);
  expect(mine).toMatchObject({ type: "state", state: undefined });
});

test("a fork at the moment of another, of which nothing has been heard yet, has both edits", async () => {
  const simulator = simulatorOf();
  const run = newRun(1, base());
  await made(simulator, run, runMessage(run));
  const [one, other] = [crashOf("b3", 1900), crashOf("b2", 1900)];
  const scenario = { ...run.scenario, faults: [...run.scenario.faults, one] };
  const unheard = forkOf(run, 2, scenario, 1_900_000);
  simulator.take(forkMessage(unheard, run, 1_900_000, [one]));
  const both = await forked(simulator, unheard, other);
  const fresh = newRun(9, both.scenario);
  await made(simulatorOf(), fresh, runMessage(fresh));
  expect(both.hash).toBe(fresh.hash);
  expect(both.recording.events).toEqual(fresh.recording.events);
});

afterEach(() => void vi.useRealTimers());

test("whatever is wished for, one slice is due at a time", () => {
  vi.useFakeTimers();
  const { take } = newSimulator(() => undefined, { ...workerTempo, sliceMs: 0 });
  for (const id of [1, 2, 3]) take(runMessage(newRun(id, base())));
  expect(vi.getTimerCount()).toBe(1);
  vi.runOnlyPendingTimers();
  expect(vi.getTimerCount()).toBe(1);
});
