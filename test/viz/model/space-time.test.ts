import { beforeAll, describe, expect, test } from "vitest";
import { type TraceEvent, library, parseScenario, runScenario } from "#sim";
import { stateAfter } from "../../../viz/model/fold-nodes.ts";
import { addEvents, newRecording } from "../../../viz/model/recording.ts";
import { type RecordWay, stepsAround, wayOf } from "../../../viz/model/record-way.ts";
import { spacePlaces, stepFrom } from "../../../viz/model/space-places.ts";
import { type Asked, isHeartbeat, spaceTime, windowAround } from "../../../viz/model/space-time.ts";
import { why } from "../../../viz/model/why.ts";
import { placesOf } from "../../../viz/places.ts";

const named = library.get("unclean-election");
if (named === undefined) throw new RangeError("the library has no unclean-election");
const scenario = parseScenario(named());
const recording = newRecording();
const events: TraceEvent[] = [];
beforeAll(() => {
  runScenario(scenario, { listeners: [(event) => void events.push(event)] });
  addEvents(recording, events);
});

const nodes = placesOf(scenario).map(({ name }) => name);
const end = (): number => events.at(-1)?.at ?? 0;
const stretch = (asked: Partial<Asked> = {}) =>
  spaceTime(recording, {
    from: 0,
    to: end(),
    nodes,
    near: 0,
    heartbeats: true,
    chain: [],
    ...asked,
  });

/** Of every message: when it ended and how, read off the trace the slow way. */
function endOf(message: number): { at: number; lost: boolean } | undefined {
  for (const event of events) {
    if (event.type === "received" && event.done.includes(message))
      return { at: event.at, lost: false };
    if (event.type === "lost" && event.message === message) return { at: event.at, lost: true };
  }
  return undefined;
}

const toLeader = (node: string): readonly number[] =>
  events.flatMap((event) =>
    event.type === "sent" && event.to === node && event.api === "Produce" ? [event.seq] : [],
  );

/** The checksum of the batch that its leader appended. */
function crcOf({ steps }: RecordWay): number | undefined {
  const event = steps.find(({ kind }) => kind === "appended")?.event;
  return event?.type === "note" && event.event.type === "appended" ? event.event.crc : undefined;
}

describe("the space–time diagram", () => {
  test("in event order fewer neighbours fold, and all that is drawn has its place in the order", () => {
    const { from, to } = windowAround(4_000_000, 1_280_000, end());
    const near = (to - from) / 60;
    const scaled = stretch({ from, to, near, heartbeats: false });
    const ordered = stretch({ from, to, near, heartbeats: false, inOrder: true });
    expect(scaled.order).toBeUndefined();
    expect(ordered.messages).toBe(scaled.messages);
    expect(ordered.lines.length).toBeGreaterThan(scaled.lines.length);
    const drawn = [
      ...ordered.lines.map(({ sentAt }) => sentAt),
      ...ordered.dots.map(({ at }) => at),
    ];
    const inside = drawn.filter((at) => at >= from && at <= to);
    expect(ordered.order).toEqual(expect.arrayContaining(inside));
  });

  test("every line is a message of the trace, from where it was sent to where it ended", () => {
    const windows = [3_000_000, 3_950_000, 4_000_000, 6_700_000].map((from) => ({
      from,
      to: from + 120_000,
    }));
    let lost = 0;
    for (const window of windows) {
      const { lines, messages, heartbeats } = stretch(window);
      const drawn = new Map(lines.map((line) => [line.event, line]));
      let expected = 0;
      for (const event of events) {
        if (event.type !== "sent" || event.at > window.to) continue;
        const ended = endOf(event.seq);
        if (ended !== undefined && ended.at < window.from) continue;
        expected += 1;
        const line = drawn.get(event.seq);
        expect([line?.from, line?.to, line?.sentAt]).toEqual([event.node, event.to, event.at]);
        if (ended === undefined) continue;
        expect([line?.endAt, line?.lost]).toEqual([ended.at, ended.lost]);
        if (ended.lost) lost += 1;
      }
      expect(messages).toBe(expected);
      expect(heartbeats).toBe(0);
    }
    expect(lost).toBeGreaterThan(0);
  });

  test("folded lines hold as many messages as there are, and start at one of them", () => {
    const single = stretch();
    const folded = stretch({ near: end() / 150 });
    expect(single.lines.length).toBe(single.messages);
    expect(folded.lines.length).toBeLessThanOrEqual(320);
    for (const { lines, messages } of [single, folded]) {
      expect(lines.reduce((sum, { count }) => sum + count, 0)).toBe(messages);
      for (const { event, sentAt } of lines) {
        const sent = events[event - (events[0]?.seq ?? 0)];
        expect([sent?.type, sent?.at]).toEqual(["sent", sentAt]);
      }
    }
    const kept = new Set(folded.lines.filter(({ lost }) => lost).map(({ event }) => event));
    expect(kept.size).toBeGreaterThan(0);
  });

  test("heartbeats are left out and counted", () => {
    const all = events.filter((event) => event.type === "sent");
    const beats = all.filter((event) => event.type === "sent" && isHeartbeat(event.api));
    const { messages, heartbeats } = stretch({ heartbeats: false });
    expect(heartbeats).toBe(beats.length);
    expect(messages).toBe(all.length - beats.length);
    expect(heartbeats).toBeGreaterThan(100);
  });

  test("a process, an API and a partition can be asked for alone", () => {
    const { lines } = stretch({ node: "p1", api: "Produce" });
    expect(lines.length).toBeGreaterThan(0);
    for (const { from, to, api } of lines) {
      expect([from, to]).toContain("p1");
      expect(api).toBe("Produce");
    }
    // The only topic's only partition: what tells of it is what carried or fetched its records.
    const about = stretch({ partition: "orders-0" });
    expect(new Set(about.lines.map(({ api }) => api))).toContain("Produce");
    const told = new Set(
      events.flatMap((event) => {
        const isAbout = JSON.stringify(event).includes('"partition":"orders-0"');
        return isAbout ? event.causes.slice(0, 1) : [];
      }),
    );
    for (const { event, endEvent } of about.lines) {
      const [step] = events[event - (events[0]?.seq ?? 0)]?.causes ?? [];
      expect(told.has(step ?? -1) || told.has(endEvent)).toBe(true);
    }
    expect(about.messages).toBeLessThan(stretch().messages);
    expect(stretch({ partition: "orders-7" }).messages).toBe(0);
  });

  test("of one record nothing is shown but its life and the messages by which it went on", () => {
    // Every acknowledged record, by where it was told to stand; some are lost later.
    const told = events.flatMap((event) =>
      event.type === "result" && event.outcome.type === "acknowledged"
        ? [{ ...event.outcome, event }]
        : [],
    );
    const kinds = new Set<string>();
    for (const { partition, offset, event } of told) {
      const called = event.causes.find((seq) => events[seq]?.type === "called") ?? -1;
      const way = wayOf(recording, { called });
      const { lines, dots, messages } = stretch({ way, node: undefined });
      expect(messages).toBe(way.messages.size);
      const shown = new Set(lines.map((line) => line.event));
      // Read off the trace: who appended its batch, and what their step had got.
      const copies = events.flatMap((copy) => {
        if (copy.type !== "note" || copy.event.type !== "appended") return [];
        const { base, next, crc, role } = copy.event;
        const isIt = copy.event.partition === partition && base <= offset && offset < next;
        return isIt && crc === crcOf(way) ? [{ copy, role }] : [];
      });
      expect(copies.length).toBeGreaterThan(0);
      for (const { copy, role } of copies) {
        expect(dots.map((dot) => dot.event)).toContain(copy.seq);
        const got = events[copy.causes[0] ?? -1];
        // A leader may have got it in an earlier step, and written it once it had leave to.
        const isFetched = role === "follower" && got?.type === "received";
        const brought = isFetched ? got.done : toLeader(copy.node);
        expect(brought.some((message) => shown.has(message))).toBe(true);
      }
      for (const { api } of lines) expect(["Produce", "Fetch"]).toContain(api);
      const ends = lines.filter((line) => line.to === event.node && line.response);
      expect(ends.map(({ endEvent }) => endEvent)).toContain(event.causes[0]);
      for (const { kind } of way.steps) kinds.add(kind);
      for (const place of spacePlaces(recording, stretch({ way })).flatMap((row) => row.places)) {
        const isLife = way.steps.find((step) => step.event.seq === place.event);
        if (isLife?.kind === "copied") expect(place.text).toBe(isLife.text);
      }
    }
    expect([...kinds]).toEqual(
      expect.arrayContaining(["safe", "told", "read", "passedOver", "cut", "fsynced"]),
    );
  });

  test("an answer that never came is shown with its record, and a record of another run is not", () => {
    const lost = events.flatMap((event) => {
      if (event.type !== "lost") return [];
      const sent = events[event.message];
      return sent?.type === "sent" && sent.response && sent.api === "Produce" ? [sent] : [];
    });
    const ways = events
      .filter((event) => event.type === "called" && event.request.type === "send")
      .map(({ seq }) => wayOf(recording, { called: seq }));
    expect(lost.length).toBeGreaterThan(0);
    for (const { seq } of lost) {
      expect(ways.some(({ messages }) => messages.has(seq))).toBe(true);
    }
    const none = stretch({ way: wayOf(recording, { partition: "orders-0", offset: 99_999 }) });
    expect([none.messages, none.dots, none.way?.life]).toEqual([0, [], undefined]);
  });

  test("the steps of a life are walked one by one", () => {
    const called = events.find((event) => event.type === "called" && event.request.type === "send");
    const { steps } = wayOf(recording, { called: called?.seq ?? -1 });
    const walked = [];
    for (
      let step = stepsAround(steps, -1).after;
      step !== undefined;
      step = stepsAround(steps, step.event.seq).after
    ) {
      walked.push(step);
    }
    expect(walked).toEqual(steps);
    expect(stepsAround(steps, steps[2]?.event.seq ?? -1).before).toBe(steps[1]);
    expect(stepsAround(steps, steps[0]?.event.seq ?? -1).before).toBeUndefined();
  });

  test("rows tell when their process was down, and what struck it, as the trace has it", () => {
    const { rows } = stretch();
    const gaps = rows.flatMap(({ node, spans }) =>
      spans
        .filter(({ state }) => state !== "up")
        .map(({ event, at, state }) => [node, event, at, state]),
    );
    const downs = events.flatMap((event) =>
      event.type === "down" ? [[event.node, event.seq, event.at, stateAfter[event.how]]] : [],
    );
    expect(downs.length).toBeGreaterThan(1);
    expect(new Set(gaps.map(String))).toEqual(new Set(downs.map(String)));
    for (const event of events) {
      if (event.type !== "fault") continue;
      for (const node of event.targets) {
        const row = rows.find((one) => one.node === node);
        expect(row?.faults.map(({ seq }) => seq)).toContain(event.seq);
      }
    }
  });

  test("what is selected keeps all that led to it dark, and only that", () => {
    const elected = events.find(
      ({ type, at }) => type === "note" && at > 4_000_000 && at < 6_600_000,
    );
    const asked = events.findLast(({ type, at }) => type === "received" && at < 6_000_000);
    for (const event of [elected, asked]) {
      if (event === undefined) throw new RangeError("the run has no such event");
      const chain = why(recording, event.seq);
      const { lines, chain: marks } = stretch({
        selected: event.seq,
        chain,
        from: event.at - 50_000,
        to: event.at + 20_000,
      });
      const past = new Set([event.seq]);
      for (const earlier of [...events].reverse()) {
        if (past.has(earlier.seq)) for (const cause of earlier.causes) past.add(cause);
      }
      const hops = new Set(chain.map((hop) => hop.event.seq));
      for (const line of lines) {
        expect(line.dark).toBe(past.has(line.event) || hops.has(line.event));
      }
      expect(marks.map(({ event: seq, number }) => [seq, number])).toEqual(
        chain.map((hop, index) => [hop.event.seq, index + 1]),
      );
    }
  });

  test("arrows walk a row in the order of time and cross to the nearest in the next", () => {
    const view = stretch({ from: 3_000_000, to: 3_200_000 });
    const rows = spacePlaces(recording, view);
    const row = rows.find(({ places }) => places.length > 3);
    const [first, second] = row?.places ?? [];
    expect(stepFrom(rows, first, "ArrowRight", 0)).toBe(second);
    expect(stepFrom(rows, second, "ArrowLeft", 0)).toBe(first);
    expect(stepFrom(rows, first, "ArrowLeft", 0)).toBe(first);
    const below = stepFrom(rows, first, "ArrowDown", 0);
    expect(below?.node).not.toBe(first?.node);
    const other = rows.find(({ node }) => node === below?.node)?.places ?? [];
    const far = (at: number): number => Math.abs(at - (first?.at ?? 0));
    expect(Math.min(...other.map(({ at }) => far(at)))).toBe(far(below?.at ?? 0));
    for (const { places } of rows) {
      expect(places.map(({ at }) => at)).toEqual(places.map(({ at }) => at).sort((a, b) => a - b));
    }
  });
});

test("the window holds now, stands while now moves a little, and depends on now alone", () => {
  for (let at = 0; at < 2_000_000; at += 7919) {
    const { from, to } = windowAround(at, 80_000, 2_000_000);
    expect(from).toBeLessThanOrEqual(at);
    expect(to).toBeGreaterThan(at);
    expect(to - from).toBe(80_000);
  }
  const starts = new Set<number>();
  for (let at = 0; at < 400_000; at += 1000) starts.add(windowAround(at, 80_000, 2_000_000).from);
  expect(starts.size).toBeLessThanOrEqual(11);
  expect(windowAround(5, 80_000, 30_000)).toEqual({ from: 0, to: 30_000 });
});
