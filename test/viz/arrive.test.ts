// A run that is not made yet to where the reader wants to be: what there is of it is shown meanwhile.
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { judge, library, parseScenario, type TraceEvent } from "#sim";
import { arrive, momentOf, newState, type State } from "../../viz/lab-state.ts";
import { addEvents } from "../../viz/model/recording.ts";

beforeAll(() => void vi.stubGlobal("matchMedia", () => ({ matches: false })));
afterAll(() => void vi.unstubAllGlobals());

const scenario = parseScenario(library.get("steady")?.());
const events: TraceEvent[] = [];
judge(scenario, { listener: (event) => void events.push(event) });

/** A lab that wants to be at 3 s; `hear` takes in what is made up to a time in milliseconds. */
function lab(): { state: State; hear: (untilMs: number) => void } {
  const state = newState(scenario, { at: 3000 });
  let heard = 0;
  const hear = (untilMs: number): void => {
    const next = events.findIndex(({ at }) => at > untilMs * 1000);
    addEvents(state.run.recording, events.slice(heard, next));
    heard = next;
    arrive(state);
  };
  return { state, hear };
}

test("the reader goes along with the run until it is there, and no further", () => {
  const { state, hear } = lab();
  const seen = [800, 2000, 3500].map((untilMs) => {
    hear(untilMs);
    return [state.player.at, state.player.count] as const;
  });
  const countAt = (at: number): number => events.filter((event) => event.at <= at).length;
  expect(seen.map(([at]) => Math.round(at / 100_000))).toEqual([8, 20, 30]);
  expect(seen.at(-1)?.[0]).toBe(3_000_000);
  expect(seen.map(([, count]) => count)).toEqual(seen.map(([at]) => countAt(at)));
  expect(state.awaited).toBeUndefined();
});

test("a link that is copied on the way leads to where the reader wants to be", () => {
  const { state, hear } = lab();
  hear(800);
  expect(momentOf(state).atMs).toBe(3000);
});

test("after a fork, whoever stands behind the last event stays there", () => {
  const { state, hear } = lab();
  hear(800);
  state.player = { ...state.player, at: 900_000 };
  state.awaited = 900_000;
  arrive(state);
  expect(state.player.at).toBe(900_000);
});
