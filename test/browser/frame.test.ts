/*
 * What one paused frame tells of a partition, read off the screen as a person reads it (from words and places) and
 * compared with the trace: who leads, who is in sync, high watermark, log ends, epoch, what clients were told and whether
 * it is still so.
 */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TraceEvent } from "#sim";
import { launchBrowser } from "../support/browser.ts";
import { atMoments } from "../support/lab-page.ts";
import { traceOf } from "../support/library-runs.ts";
import { frames } from "../support/sizes.ts";
import { toldInTrace } from "../support/told-in-trace.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** What is told of a partition, in the window of offsets that is shown. */
interface Told {
  readonly leader: string | undefined;
  /** Of brokers that are up. */
  readonly inSync: readonly string[];
  readonly highWatermark: string;
  readonly ends: Readonly<Record<string, number>>;
  readonly epoch: string | undefined;
  /** By offset. */
  readonly clients: Readonly<Record<number, string | undefined>>;
}

/** In the page: reads a strip by its words, and places by the offsets written above the columns. */
function read(partition: string): Told & { readonly first: number; readonly last: number } {
  const lab = document.querySelector("#lab")!.shadowRoot!;
  const strip = lab.querySelector(`.lab > .logs .partition[data-partition=${partition}]`)!;
  const isSeen = (mark: Element): boolean => {
    const { width, height } = mark.getBoundingClientRect();
    return width + height > 0 && getComputedStyle(mark).visibility === "visible";
  };
  const middle = (mark: Element): number => {
    const { left, right } = mark.getBoundingClientRect();
    return (left + right) / 2;
  };
  const labels = [...strip.querySelectorAll(".offsets text")].map((label) => ({
    offset: Number(label.textContent),
    x: middle(label),
  }));
  const [one, other] = [labels[0]!, labels.at(-1)!];
  const cell = (other.x - one.x) / (other.offset - one.offset);
  const column = (x: number): number => Math.round(one.offset + (x - one.x) / cell) + 0;
  const rows = [...strip.querySelectorAll(".replica")].map((row) => ({
    name: row.querySelector(".row-name")!.textContent,
    word: row.querySelector(".row-word")!.textContent,
    leads: isSeen(row.querySelector(".row-star")!),
    end: row.querySelector(".log-end")!,
  }));
  const mark = strip.querySelector(".high-watermark text")!;
  const signs: Record<string, string> = {
    "told-kept": "✓",
    "told-broken": "✗",
    "told-unknown": "?",
  };
  return {
    first: one.offset,
    last: other.offset,
    leader: rows.find(({ leads }) => leads)?.name,
    inSync: rows.filter(({ word }) => /leader|in sync/.test(word)).map(({ name }) => name),
    highWatermark: isSeen(mark) ? mark.textContent : "",
    ends: Object.fromEntries(
      rows.flatMap(({ name, end }) => {
        const { right, width } = end.getBoundingClientRect();
        return width === 0 ? [] : [[name, column(right - cell / 2) + 1]];
      }),
    ),
    epoch: [...strip.querySelectorAll(".epochs text")].at(-1)?.textContent,
    clients: Object.fromEntries(
      [...strip.querySelectorAll(".told path")].map((sign) => [
        column(middle(sign)),
        signs[sign.getAttribute("class") ?? ""],
      ]),
    ),
  };
}

type Note = Extract<TraceEvent, { type: "note" }>["event"];

/** What the trace says up to a time. */
function tracedUpTo(events: readonly TraceEvent[], partition: string, atMs: number) {
  const ends = new Map<string, number>();
  const watermarks = new Map<string, number>();
  const epochs = new Map<string, { base: number; epoch: number }[]>();
  const up = new Set<string>();
  let decided: Extract<Note, { type: "partitionChanged" }> | undefined;
  const onNote = (node: string, note: Note): void => {
    if (!("partition" in note) || note.partition !== partition) return;
    const batches = epochs.get(node) ?? [];
    epochs.set(node, batches);
    if (note.type === "partitionChanged") decided = note;
    if (note.type === "highWatermark") watermarks.set(node, note.offset);
    const cutAt = (end: number): void => {
      ends.set(node, end);
      epochs.set(
        node,
        batches.filter(({ base }) => base < end),
      );
    };
    if (note.type === "logOpened") {
      watermarks.set(node, note.highWatermark);
      cutAt(note.end);
    }
    if (note.type === "appended") {
      ends.set(node, note.next);
      batches.push({ base: note.base, epoch: note.epoch });
    }
    if (note.type === "truncated") cutAt(note.to);
  };
  for (const event of events) {
    if (event.at > atMs * 1000) break;
    if (event.type === "started") up.add(event.node);
    if (event.type === "down") up.delete(event.node);
    if (event.type === "note") onNote(event.node, event.event);
  }
  if (decided === undefined) throw new RangeError(`nothing was decided about ${partition}`);
  const leader = decided.leader === -1 ? undefined : `b${decided.leader}`;
  return { decided, leader, ends, watermarks, epochs, up };
}

/**
 * At work, with one cut off, with that one alone, with a leader that lacks what others have, and after they have cut it
 * off; with all of them dead.
 */
const moments: Readonly<Record<string, readonly number[]>> = {
  "unclean-election": [2000, 4700, 6500, 7425, 8500],
  blackout: [4000],
};

test.each(frames)("tells it at $width x $height, $theme", { timeout: 180_000 }, (frame) =>
  atMoments(browser, frame, moments, async (page, name, atMs) => {
    const { first, last, ...told } = await page.evaluate(read, "orders-0");
    const traced = tracedUpTo(traceOf(name), "orders-0", atMs);
    const { decided, leader, ends, watermarks, epochs, up } = traced;
    const isInside = (offset: number): boolean => offset >= first && offset <= last;
    const isr = decided.isr.map((id) => `b${id}`).filter((node) => up.has(node));
    const shownEnds = [...ends].filter(([, end]) => end > first && end <= last + 1);
    // Where nobody leads, the highest mark that a replica knows, and the epochs of the longest log.
    const longest = [...ends].sort(([, one], [, other]) => other - one)[0]?.[0] ?? "";
    const mark = leader === undefined ? Math.max(...watermarks.values()) : watermarks.get(leader);
    const epoch = epochs.get(leader ?? longest)?.at(-1)?.epoch;
    expect(told, `${name} at ${atMs} ms`).toEqual({
      leader,
      inSync: isr.toSorted(),
      highWatermark: `HW ${mark}`,
      ends: Object.fromEntries(shownEnds),
      epoch: epoch === undefined ? undefined : `e${epoch}`,
      clients: Object.fromEntries(
        [...toldInTrace(traceOf(name), "orders-0", atMs)].filter(([offset]) => isInside(offset)),
      ),
    });
  }),
);
