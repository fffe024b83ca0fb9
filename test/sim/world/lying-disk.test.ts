// What a disk that has lied about its flushes excuses: complaints about what it lost by that, and no other one.
import { describe, expect, test } from "vitest";
import { DiskError, type Files, type Millis } from "#core";
import { advance, createWorld, type Machine, newRuntime, type TraceEvent } from "#sim";
import type { Fault } from "../../../sim/scenario/schema.ts";
import { toys, toyScenario } from "./toy.ts";

/** What a process does in its first life before the disk lies, and while it does; and in the second, at once and later. */
interface Story {
  readonly before?: (files: Files) => void;
  readonly lying?: (files: Files) => void;
  readonly after: (files: Files) => void;
  readonly later?: (files: Files) => void;
}

const bytes = new Uint8Array([1, 2, 3]);

/** How the second life ended; the disk lies from 2 to 20 ms, and the power fails at 40 ms. */
function endOf({ before, lying, after, later }: Story): string | undefined {
  const broker: Machine<unknown> = {
    create: (_scenario, _spec, life) => ({ life }),
    step: (state, now, input, { files }, outbox) => {
      const { life } = state as { life: number };
      if (input.type === "started") {
        if (life > 1) after(files);
        else before?.(files);
        const at = (now.monotonic + 6) as Millis;
        outbox.push({ type: "setTimer", timer: "next", at });
      } else if (input.type === "timer") (life > 1 ? later : lying)?.(files);
    },
  };
  const target = { node: "b1" };
  const faults: Fault[] = [
    { type: "lyingFsync", atMs: 2, forMs: 18, target },
    { type: "powerLoss", atMs: 40, forMs: 5, target },
  ];
  const scenario = toyScenario("7", faults);
  const world = createWorld({
    ...scenario,
    cluster: { ...scenario.cluster, brokers: [{ id: 1, rack: null }] },
    // Nothing is written back by itself.
    disk: { ...scenario.disk, fsyncUs: [200, 300], writeBackMs: [100_000, 100_000] },
    workload: { producers: [], consumers: [] },
  });
  const events: TraceEvent[] = [];
  const runtime = newRuntime({ ...toys, broker });
  advance(world, runtime, { listener: (event) => events.push(event) }, 60_000);
  const downs = events.flatMap((event) => (event.type === "down" ? [event.how] : []));
  expect(downs[0]).toBe("powerLoss");
  return downs[1];
}

const complainOf = (path: string) => (): void => {
  throw new DiskError(path, `${path} makes no sense`);
};

const write =
  (path: string, flush = true) =>
  (files: Files): void => {
    files.append(path, bytes);
    if (flush) files.fsync(path);
    if (flush) files.fsyncFolder(path.includes("/") ? "log" : "");
  };

describe("a process that does not understand its disk, which has lied, is excused", () => {
  test("where a file lost what had been said to be flushed", () => {
    const named = (files: Files): void => {
      files.append("a", new Uint8Array(0));
      files.fsyncFolder("");
    };
    const after = complainOf("a");
    expect(endOf({ before: named, lying: write("a"), after })).toBe("halted");
  });

  test("where a file lost the name that had been said to be flushed", () => {
    const after = (files: Files): void => void files.read("a", 0, 1);
    const before = (files: Files): void => {
      files.append("a", bytes);
      files.fsync("a");
    };
    expect(endOf({ before, after })).toBe("failed");
    expect(endOf({ before, lying: (files) => files.fsyncFolder(""), after })).toBe("halted");
  });

  test("where a folder lacks one of its files by that", () => {
    expect(endOf({ lying: write("log/0"), after: complainOf("log") })).toBe("halted");
  });
});

describe("it is not excused", () => {
  test("for another file, be it one that was lost without ever having been flushed", () => {
    const both = (files: Files): void => {
      write("a")(files);
      write("b", false)(files);
    };
    for (const path of ["b", "nowhere", "log"])
      expect(endOf({ lying: both, after: complainOf(path) })).toBe("failed");
  });

  test("for a file that was flushed before the disk lied", () => {
    expect(endOf({ before: write("a"), lying: write("b"), after: complainOf("a") })).toBe("failed");
  });

  test("for a file that stands in the place of the one that was lost", () => {
    const after = (files: Files): void => {
      files.append("c", bytes);
      files.rename("c", "a");
    };
    const later = complainOf("a");
    expect(endOf({ lying: write("a"), after: () => undefined, later })).toBe("halted");
    expect(endOf({ lying: write("a"), after, later })).toBe("failed");
  });
});
