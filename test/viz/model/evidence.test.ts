import { expect, test } from "vitest";
import { type TraceEvent, library, parseScenario } from "#sim";
import { evidenceOf } from "../../../viz/model/evidence.ts";
import { addEvents, indexOf, newRecording, pictureAt } from "../../../viz/model/recording.ts";
import { partitionView } from "../../../viz/model/strip-view.ts";
import { why } from "../../../viz/model/why.ts";
import { advanceRun, startRun } from "../../../viz/simulated-run.ts";
import type { VerdictChange } from "../../../viz/worker-messages.ts";

test.each(["acks-1", "unclean-election"])(
  "in %s a lost record's evidence is the promise, what put it out of reach, what was behind that, what took the last copy, where it showed",
  (name) => {
    const make = library.get(name);
    if (make === undefined) throw new RangeError(`the library has no ${name}`);
    const recording = newRecording();
    const verdicts: VerdictChange[] = [];
    advanceRun(startRun(parseScenario(make())), Infinity, {
      event: (event) => addEvents(recording, [event]),
      verdict: (change) => void verdicts.push(change),
    });
    const broken = verdicts.findLast(({ id }) => id === "acknowledged-survives");
    const record = broken?.record;
    if (typeof broken?.event !== "number" || !record) throw new RangeError("no record is lost");

    const evidence = evidenceOf(recording, broken.event, record);
    const kinds = ["promised", "behind", "outOfReach", "gone", "showed"] as const;
    expect(evidence.map(({ what }) => what).toSorted()).toEqual(kinds.toSorted());
    const [promised, behind, outOfReach, gone, showed] = kinds.map(
      (kind) => evidence.find(({ what }) => what === kind)?.event,
    );
    expect(behind).toBe(why(recording, outOfReach?.seq ?? -1).at(-1)?.event);
    expect(behind?.type).toBe("fault");
    expect(promised).toMatchObject({
      type: "result",
      outcome: { type: "acknowledged", ...record },
    });
    expect(showed?.type).toBe("phase");

    // The mark that a reader sees turns from ✓ to ✗ with the very event that takes the last live copy.
    const marksAround = (event: TraceEvent | undefined) => {
      const at = indexOf(recording, event?.seq ?? -1);
      return [at, at + 1].map((count) => {
        const picture = pictureAt(recording, count);
        const partition = picture.partitions.get(record.partition);
        if (partition === undefined) throw new RangeError("no such partition");
        const { told } = partitionView(picture, recording.facts, partition, 1000, { from: 0 });
        return told.find(({ offset }) => offset === record.offset)?.standing;
      });
    };
    expect(marksAround(outOfReach)).toEqual(["kept", "lacked"]);
    expect(marksAround(gone)).toEqual(["lacked", "lost"]);
    expect(outOfReach).toMatchObject({ type: "note", event: { type: "partitionChanged" } });
    expect(gone).toMatchObject({ type: "note", event: { type: "truncated" } });
  },
);
