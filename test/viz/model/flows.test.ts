import { expect, test } from "vitest";
import { library, runScenario, type TraceEvent } from "#sim";
import { flowWidth } from "../../../viz/marks/draw-messages.ts";
import { type FlowQuestion, flowsAt } from "../../../viz/model/flows.ts";
import { addEvents, newRecording } from "../../../viz/model/recording.ts";

const scenario = library.get("steady")?.();
if (scenario === undefined) throw new RangeError("the library has no steady");
const events: TraceEvent[] = [];
runScenario(scenario, { listeners: [(event) => void events.push(event)] });
const recording = newRecording();
addEvents(recording, events);

const everybody: FlowQuestion = {
  at: 3_000_000,
  shorterThan: Infinity,
  heartbeats: true,
  eyes: undefined,
};

/** By walking the whole trace. */
function counted(wanted: (event: Extract<TraceEvent, { type: "sent" }>) => boolean, at: number) {
  const links = new Map<string, number>();
  for (const event of events) {
    if (event.type !== "sent" || event.at > at || event.at <= at - 1_000_000) continue;
    if (event.arrival === null || !wanted(event)) continue;
    const link = [event.node, event.to].sort().join("|");
    links.set(link, (links.get(link) ?? 0) + 1);
  }
  return Object.fromEntries(links);
}

const flows = (question: FlowQuestion) =>
  Object.fromEntries(flowsAt(recording, question).map(({ link, perSecond }) => [link, perSecond]));

test("a link's figure is what left on it in the last second of the trace", () => {
  for (const at of [400_000, 1_000_000, 3_000_000, 4_999_999]) {
    const whole = counted(() => true, at);
    expect(flows({ ...everybody, at })).toEqual(whole);
    expect(Object.keys(whole).length).toBeGreaterThan(2);
  }
});

test("only what is too fast for an eye is summed up, without heartbeats unless they are asked for", () => {
  const at = everybody.at;
  expect(flows({ ...everybody, shorterThan: 400 })).toEqual(
    counted((event) => (event.arrival ?? 0) - event.at < 400, at),
  );
  const quiet = flows({ ...everybody, heartbeats: false });
  expect(quiet).toEqual(counted(({ api }) => api !== "BrokerHeartbeat", at));
  expect(quiet).not.toEqual(flows(everybody));
});

test("with the eyes of one process only what it sent itself counts", () => {
  expect(flows({ ...everybody, eyes: "p1" })).toEqual(
    counted(({ node }) => node === "p1", everybody.at),
  );
});

test("a link is the thicker the more it carries, by the logarithm", () => {
  const widths = [1, 10, 100, 1000].map(flowWidth);
  const steps = widths.slice(1).map((width, index) => width - (widths[index] ?? NaN));
  expect(Math.min(...steps)).toBeGreaterThan(1);
  expect(Math.max(...steps)).toBeLessThan(3);
});
