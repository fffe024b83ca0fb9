import { expect, test } from "vitest";
import { addEvents, newRecording } from "../../../viz/model/recording.ts";
import { why } from "../../../viz/model/why.ts";
import { linkText } from "../../../viz/panels/why-words.ts";
import { type Story, leaderWith } from "../support/story.ts";

function chain(story: Story, seq: number) {
  const recording = newRecording();
  addEvents(recording, story.events);
  return why(recording, seq).map(({ event, link }) => [event.type, link]);
}

/** b1 sends its last heartbeat, is struck, and c1 gives it up. */
function silentLeader(strike: (story: Story) => void): [Story, number] {
  const story = leaderWith("A");
  const tick = story.tell("b1", { type: "timer", timer: "heartbeat" }, { causes: [1] });
  const beat = story.send("b1", "c1", "BrokerHeartbeat", 1, { causes: [tick] });
  const heard = story.wait(1).receive("c1", "b1", beat);
  strike(story);
  const due = story.wait(9000).tell("c1", { type: "timer", timer: "session" }, { causes: [heard] });
  const silences = [{ peer: "b1", since: heard }];
  return [story, story.elect("orders-0", 2, 1, [2, 3], { causes: [due], silences })];
}

test("an election leads through the silence of the old leader to the kill", () => {
  const [story, elected] = silentLeader((s) => void s.wait(1).strike("crash", "b1"));
  expect(chain(story, elected)).toEqual([
    ["note", "asked"],
    ["fault", "silence"],
  ]);
});

test("a fault healed before the last word was sent is left out; the one in force is named", () => {
  const story = leaderWith("A");
  story.strike("pause", "b1", 0);
  story.wait(1).tell("", { type: "healed", index: 0, targets: ["b1"], sentence: "" });
  const beat = story.wait(1).send("b1", "c1", "BrokerHeartbeat", 1, { causes: [1] });
  const heard = story.wait(1).receive("c1", "b1", beat);
  const struck = story.wait(1).strike("crash", "b1", 1);
  const silences = [{ peer: "b1", since: heard }];
  const elected = story.wait(9000).elect("orders-0", 2, 1, [2, 3], { causes: [heard], silences });
  const recording = newRecording();
  addEvents(recording, story.events);
  expect(why(recording, elected).map(({ event }) => event.seq)).toEqual([elected, struck]);
});

test("a message lost on its way explains a silence, and what took it is next", () => {
  const story = leaderWith("A");
  const beat = story.send("b1", "c1", "BrokerHeartbeat", 1, { causes: [1] });
  const struck = story.tell("", {
    type: "fault",
    index: 0,
    fault: { type: "reset", between: [{ node: "b1" }, { node: "c1" }], atMs: 0 } as never,
    targets: [],
    met: true,
    sentence: "reset",
  });
  const lost = story.tell("", { type: "lost", message: beat, why: "reset" }, { causes: [struck] });
  const silences = [{ peer: "b1", since: -1 }];
  const elected = story.wait(9000).elect("orders-0", 2, 1, [2, 3], { causes: [0], silences });
  const recording = newRecording();
  addEvents(recording, story.events);
  const hops = why(recording, elected);
  expect(hops.map(({ event }) => event.seq)).toEqual([elected, lost, struck]);
});

test("what no fault brought about ends at a call or at the start of a process", () => {
  const story = leaderWith("A");
  const called = story.events.findIndex((event) => event.type === "called");
  const sent = story.send("p1", "b1", "Produce", 1, { causes: [called] });
  const received = story.receive("b1", "p1", sent);
  expect(chain(story, received)).toEqual([
    ["received", "asked"],
    ["sent", "cause"],
    ["called", "cause"],
  ]);
  const tick = story.tell("b1", { type: "timer", timer: "heartbeat" }, { causes: [1] });
  expect(chain(story, tick).at(-1)).toEqual(["started", "cause"]);
});

test("an unknown event has no story", () => {
  expect(chain(leaderWith("A"), 12_345)).toEqual([]);
});

test("a cut explains the silence of who stands behind it, and of nobody else", () => {
  const story = leaderWith("A");
  const ends = [{ node: "b2" }, { nodes: ["b1", "c1"] }];
  const cut = story.tell("", {
    type: "fault",
    index: 0,
    fault: { type: "cut", between: ends, atMs: 0 } as never,
    targets: ["b2", "b1", "c1"],
    met: true,
    sentence: "b2 is cut off",
  });
  for (const node of ["b1", "c1"]) {
    story.tell(node, { type: "linkCut", peer: "b2" }, { causes: [cut] });
  }
  const struck = story.wait(1).strike("crash", "b1", 1);
  const rootOf = (peer: string): number | undefined => {
    const silences = [{ peer, since: -1 }];
    const seq = story.wait(9000).elect("orders-0", 3, 1, [3], { causes: [0], silences });
    const recording = newRecording();
    addEvents(recording, story.events);
    return why(recording, seq).at(-1)?.event.seq;
  };
  expect(rootOf("b1")).toBe(struck);
  expect(rootOf("b2")).toBe(cut);
});

test("of a timer that sets itself again and again the last and the first time are told, and how often", () => {
  const story = leaderWith("A");
  const ticks: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    const causes = [ticks.at(-1) ?? 1];
    ticks.push(story.wait(10).tell("c1", { type: "timer", timer: "waits" }, { causes }));
  }
  const sent = story.send("c1", "c2", "Fetch", 1, { causes: ticks.slice(-1) });
  const recording = newRecording();
  addEvents(recording, story.events);
  const hops = why(recording, sent);
  expect(hops.slice(0, 3).map(({ event }) => event.seq)).toEqual([sent, ticks[4], ticks[0]]);
  expect(hops.map(({ times }) => times)).toEqual(hops.map((_, i) => (i === 2 ? 5 : undefined)));
  expect(linkText(hops, 2)).toBe("because it was due 5 times in a row, first here:");
});
