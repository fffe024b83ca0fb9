import { expect, test } from "vitest";
import { batchAt, batchFinder, countSynced } from "../../../viz/model/batch-at.ts";
import type { StripPicture } from "../../../viz/model/picture.ts";
import { coversRange } from "../../../viz/model/ranges.ts";
import { traceOf } from "../../support/library-runs.ts";
import { addEvents, newRecording, pictureAt } from "../../../viz/model/recording.ts";

/** The logs of a run at several moments of it. */
function logsOf(name: string): readonly StripPicture[] {
  const events = traceOf(name);
  const recording = newRecording();
  addEvents(recording, events);
  const moments = Array.from({ length: 40 }, (_, index) =>
    Math.floor((events.length * index) / 40),
  );
  return moments.flatMap((count) =>
    [...pictureAt(recording, count).partitions.values()].flatMap(({ strips }) => [
      ...strips.values(),
    ]),
  );
}

/** By looking at each. */
const syncedOneByOne = ({ batches, synced }: StripPicture): number =>
  batches.filter(({ segment, position, length }) =>
    coversRange(synced.get(segment) ?? [], position, position + length),
  ).length;

test.each(["unclean-election", "acks-1", "first-light"])(
  "what is found by halving is what is there: %s",
  (name) => {
    const logs = logsOf(name);
    const counts = logs.map(countSynced);
    expect(counts).toEqual(logs.map(syncedOneByOne));
    expect(new Set(counts).size).toBeGreaterThan(1);
    for (const log of logs) {
      const find = batchFinder(log);
      const offsets = [...Array(log.end + 2).keys(), 0, log.end, 1];
      expect(offsets.map(find)).toEqual(offsets.map((offset) => batchAt(log, offset)));
    }
  },
);
