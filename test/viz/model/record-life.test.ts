import { describe, expect, test } from "vitest";
import type { FlawId } from "#core";
import {
  defaultScenario,
  library,
  parseScenario,
  runScenario,
  type Scenario,
  storyOf,
  type TraceEvent,
} from "#sim";
import {
  type LifeStep,
  type RecordLife,
  type StepKind,
  isSameRecord,
  lifeOf,
  recordOf,
  settled,
} from "../../../viz/model/record-life.ts";
import { type Recording, addEvents, newRecording } from "../../../viz/model/recording.ts";
import { leaderWith } from "../support/story.ts";

function recorded(scenario: Scenario): Recording {
  const events: TraceEvent[] = [];
  runScenario(scenario, { listeners: [(event) => void events.push(event)] });
  const recording = newRecording();
  addEvents(recording, events);
  return recording;
}

const named = (name: string): Recording => recorded(parseScenario(library.get(name)!()));

/** Those in which acknowledged records are lost, one in which none is, and a named run. */
const stories = [
  "acks-1",
  "offset-only-answer",
  "last-known-leader",
  "join-at-hw",
  "not-idempotent",
] as const;

const story = (id: FlawId): Recording => recorded(storyOf(id)!);

interface Acknowledged {
  readonly partition: string;
  readonly offset: number;
  readonly event: TraceEvent;
}

/** What clients were told to be stored, in order. */
const acknowledged = ({ events }: Recording): readonly Acknowledged[] =>
  events.flatMap((event) =>
    event.type === "result" && event.outcome.type === "acknowledged"
      ? [{ ...event.outcome, event }]
      : [],
  );

/** The lives of all acknowledged records, by the event that acknowledged them. */
const lives = (recording: Recording): readonly RecordLife[] =>
  acknowledged(recording).map(({ event }) => {
    const called = event.causes.find((seq) => recording.events[seq]?.type === "called");
    return lifeOf(recording, recording.events.length, { called: called ?? -1 })!;
  });

const kindsOf = ({ steps }: RecordLife): readonly StepKind[] => steps.map(({ kind }) => kind);

describe("the life of a record", () => {
  test("of the default run goes from the call to the readers, in order, on every replica", () => {
    const recording = named(defaultScenario);
    const all = lives(recording).filter(({ lost }) => lost === undefined);
    expect(all.length).toBeGreaterThan(20);
    for (const life of all) {
      const kinds = kindsOf(life);
      const order = ["called", "batched", "sent", "received", "appended", "safe", "told"] as const;
      const places = order.map((kind) => kinds.indexOf(kind));
      expect([life.value, ...kinds]).toEqual(expect.arrayContaining([...order]));
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(kinds.filter((kind) => kind === "read").length).toBeGreaterThan(0);
      const seqs = life.steps.map(({ event }) => event.seq);
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    }
    const copies = all.map((life) => kindsOf(life).filter((kind) => kind === "copied").length);
    expect(Math.max(...copies)).toBeGreaterThanOrEqual(2);
    expect(all.some((life) => life.holders.length === 3)).toBe(true);
    expect(all.some((life) => kindsOf(life).includes("fsynced"))).toBe(true);
  });

  test("lost with acks=1 ends where a leader without it was elected, and behind that is the crash", () => {
    const recording = named("acks-1");
    const gone = lives(recording).filter(({ lost }) => lost !== undefined);
    expect(gone.length).toBeGreaterThan(0);
    for (const { lost, steps, holders } of gone) {
      expect(lost?.step.kind).toBe("passedOver");
      expect(lost?.fault?.type).toBe("fault");
      expect(lost?.hops.at(-1)?.event).toBe(lost?.fault);
      expect(steps.map(({ kind }) => kind)).toContain("told");
      // The old leader comes back and cuts its log.
      expect(steps.some(({ kind }) => kind === "cut" || kind === "hurt")).toBe(true);
      expect(holders).toEqual([]);
    }
  });

  test("agrees with what fresh readers found at the end of every story", () => {
    let lost = 0;
    let kept = 0;
    for (const id of stories) {
      const recording = id === "acks-1" ? named(id) : story(id);
      const read = new Set(
        recording.events.flatMap((event) =>
          event.type === "result" && event.node.startsWith("v") && event.outcome.type === "polled"
            ? event.outcome.records.map(({ value }) => value)
            : [],
        ),
      );
      for (const life of lives(recording)) {
        const isRead = read.has(life.value ?? "");
        expect([id, life.value, life.lost === undefined]).toEqual([id, life.value, isRead]);
        if (isRead) kept += 1;
        else lost += 1;
        if (life.lost !== undefined) expect(life.lost.hops.length).toBeGreaterThan(0);
      }
    }
    expect(kept).toBeGreaterThan(20);
    expect(lost).toBeGreaterThan(3);
  });

  test("grows with time: nothing of later is told", () => {
    const recording = story("acks-1");
    const [first] = acknowledged(recording);
    const called =
      first?.event.causes.find((seq) => recording.events[seq]?.type === "called") ?? -1;
    const whole = lifeOf(recording, recording.events.length, { called })!;
    for (const { event } of whole.steps) {
      const early = lifeOf(recording, event.seq, { called });
      // That a follower fetched it is known once it has appended it.
      const isTold = (step: LifeStep): boolean =>
        step.kind !== "fetched" && step.event.seq < event.seq;
      expect(early?.steps.filter(isTold) ?? []).toEqual(whole.steps.filter(isTold));
      const all = [...(early?.steps ?? []), ...(early?.later ?? [])];
      expect(new Set(all.map((step) => step.text))).toEqual(
        new Set(whole.steps.map((step) => step.text)),
      );
    }
  });
});

describe("which record is meant", () => {
  test("is known from a cell, a call, an acknowledgement and its place", () => {
    const recording = story("acks-1");
    const { events } = recording;
    const last = acknowledged(recording)[3]!;
    const { partition, offset } = last;
    const byTold = recordOf(recording, last.event.seq)!;
    const appended = events.find(
      (event) =>
        event.type === "note" &&
        event.event.type === "appended" &&
        event.event.partition === partition &&
        event.event.base <= offset &&
        offset < event.event.next,
    )!;
    const life = lifeOf(recording, events.length, byTold)!;
    const byCell = { partition, offset, event: appended.seq };
    expect(lifeOf(recording, events.length, byCell)).toEqual(life);
    expect(recordOf(recording, life.steps[0]!.event.seq)).toEqual({
      called: life.steps[0]!.event.seq,
    });
    expect(lifeOf(recording, events.length, { partition, offset: 9999 })).toBeUndefined();
    expect(recordOf(recording, 0)).toBeUndefined();
  });

  test("every copy is the same record, its neighbours are others, and time does not change which", () => {
    const recording = story("acks-1");
    const { events } = recording;
    const copies = events.flatMap((event) =>
      event.type === "note" && event.event.type === "appended" && event.event.base === 3
        ? [{ partition: event.event.partition, offset: 3, event: event.seq }]
        : [],
    );
    const [first] = copies;
    expect(copies.length).toBeGreaterThan(2);
    const same = copies.filter((copy) => isSameRecord(recording, events.length, first!, copy));
    expect(same.length).toBeGreaterThan(1);
    const call = { called: lifeOf(recording, events.length, first!)!.steps[0]!.event.seq };
    expect(isSameRecord(recording, events.length, first!, call)).toBe(true);
    const next = { partition: first!.partition, offset: 4 };
    expect(isSameRecord(recording, events.length, first!, next)).toBe(false);
    for (const count of [0, events.length]) {
      const place = settled(recording, count, { partition: first!.partition, offset: 3 });
      expect(copies).toContainEqual(place);
      for (const later of [0, events.length]) {
        expect(settled(recording, later, place)).toEqual(place);
      }
    }
    expect(settled(recording, 0, call)).toEqual(call);
  });

  test("where another record took its offset, both have a life of their own", () => {
    const told = leaderWith("AB");
    const crc = told.pack("p1", "orders-0", "C");
    const first = told.append("b2", "orders-0", 0, crc, 2);
    told.elect("orders-0", 3, 1, [3]);
    told.lead("b3", "orders-0", 1);
    const other = told.pack("p1", "orders-0", "D");
    const written = { role: "leader", base: 2, next: 3, epoch: 1, segment: 0, position: 200 };
    const ids = { length: 100, crc: other, producer: 1, sequence: 1, partition: "orders-0" };
    const second = told.note("b3", { type: "appended", ...written, ...ids } as never);
    const recording = newRecording();
    addEvents(recording, told.events);
    const place = { partition: "orders-0", offset: 2 };
    const c = lifeOf(recording, told.events.length, { ...place, event: first })!;
    const d = lifeOf(recording, told.events.length, { ...place, event: second })!;
    expect([c.key, d.key]).toEqual(["C", "D"]);
    expect(kindsOf(c)).toEqual(["called", "batched", "copied", "passedOver", "replaced"]);
    expect(c.lost?.step.kind).toBe("passedOver");
    expect(d.lost).toBeUndefined();
  });
});
