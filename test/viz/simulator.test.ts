import { expect, test } from "vitest";
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
