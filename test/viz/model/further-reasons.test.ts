import { expect, test } from "vitest";
import { type TraceEvent, library, parseScenario, runScenario } from "#sim";
import { type Reason, furtherReasons } from "../../../viz/model/further-reasons.ts";
import { type Recording, addEvents, newRecording } from "../../../viz/model/recording.ts";
import { why } from "../../../viz/model/why.ts";
import { leaderWith } from "../support/story.ts";

function recorded(name: string): Recording {
  const recording = newRecording();
  const scenario = parseScenario(library.get(name)!());
  runScenario(scenario, { listeners: [(event) => addEvents(recording, [event])] });
  return recording;
}

/** Beyond what the event's own chain tells. */
function beyond(recording: Recording, event: TraceEvent | undefined): readonly Reason[] {
  if (event === undefined) throw new RangeError("there is no such event");
  const told = new Set(why(recording, event.seq).map((hop) => hop.event.seq));
  return furtherReasons(recording, event, told);
}

const noted = (recording: Recording, fits: (note: { type: string; why?: string }) => boolean) =>
  recording.events.find((event) => event.type === "note" && fits(event.event));

test("an unclean election also needed the new leader out of sync, which leads to the other fault", () => {
  const recording = recorded("unclean-election");
  const elected = noted(recording, ({ why: how }) => how === "uncleanElected");
  const [crash, cut] = ["crash", "cut"].map((type) =>
    recording.events.find((event) => event.type === "fault" && event.fault.type === type),
  );
  expect(why(recording, elected?.seq ?? -1).at(-1)?.event).toBe(crash);
  const reasons = beyond(recording, elected);
  expect(reasons.map(({ words }) => words)).toEqual(["b2 was not in sync since this:"]);
  expect(why(recording, reasons[0]?.event.seq ?? -1).at(-1)?.event).toBe(cut);
});

test("what is struck also needed the election of the leader whose log differs", () => {
  const recording = recorded("unclean-election");
  const struck = noted(recording, ({ type }) => type === "truncated");
  const [reason] = beyond(recording, struck);
  expect(reason?.words).toBe("b2 leads since this:");
  expect(reason?.event).toBe(noted(recording, ({ why: how }) => how === "uncleanElected"));
});

test("a partition without a leader also needed that so few were in sync", () => {
  const recording = recorded("blackout");
  const offline = noted(recording, ({ why: how }) => how === "offline");
  expect(beyond(recording, offline).map(({ words }) => words)).toEqual([
    "only b1 was in sync since this:",
  ]);
});

test("of two strikes behind one silence the chain follows one, and the other is told", () => {
  const story = leaderWith("A");
  const beat = story.send("b1", "c1", "BrokerHeartbeat", 1, { causes: [1] });
  const heard = story.wait(1).receive("c1", "b1", beat);
  const paused = story.wait(1).strike("pause", "b1", 0);
  const crashed = story.wait(1).strike("crash", "b1", 1);
  const silences = [{ peer: "b1", since: heard }];
  const elected = story.wait(9000).elect("orders-0", 2, 1, [2, 3], { causes: [heard], silences });
  const recording = newRecording();
  addEvents(recording, story.events);
  const followed = why(recording, elected).at(-1)?.event.seq ?? -1;
  const reasons = beyond(recording, story.events[elected]);
  expect([followed, ...reasons.map(({ event }) => event.seq)].sort((a, b) => a - b)).toEqual([
    paused,
    crashed,
  ]);
  expect(reasons[0]?.words).toBe("c1 heard nothing from b1, which this broke:");
});

test("what needed nothing else is told by its chain alone", () => {
  const recording = recorded("acks-1");
  const first = noted(recording, ({ why: how }) => how === "elected");
  expect(beyond(recording, first)).toEqual([]);
});

/** What is said of a partition that goes offline after its ISR was decided to be these, one after the other. */
function whyOffline(...isrs: readonly (readonly number[])[]) {
  const story = leaderWith("A");
  const narrowed = isrs.map((isr, index) =>
    story.wait(1).elect("orders-0", 1, index + 1, isr, { why: "isr" }),
  );
  const offline = story.elect("orders-0", -1, isrs.length + 1, isrs.at(-1) ?? [], {
    why: "offline",
  });
  const recording = newRecording();
  addEvents(recording, story.events);
  const [reason] = beyond(recording, story.events[offline]);
  return { words: reason?.words, decision: narrowed.indexOf(reason?.event.seq ?? -1) };
}

test("how many were in sync is said of the decision that made them fewer", () => {
  expect(whyOffline([1, 2], [1, 2])).toEqual({
    words: "only b1, b2 were in sync since this:",
    decision: 0,
  });
  expect(whyOffline([1, 2], [1])).toEqual({
    words: "only b1 was in sync since this:",
    decision: 1,
  });
  expect(whyOffline([1], [])).toEqual({ words: "nobody was in sync since this:", decision: 1 });
});
