import { expect, test } from "vitest";
import { library, parseScenario } from "#sim";
import { evidenceOf } from "../../../viz/model/evidence.ts";
import { addEvents, indexOf, newRecording, pictureAt } from "../../../viz/model/recording.ts";
import { partitionView } from "../../../viz/model/strip-view.ts";
import { why } from "../../../viz/model/why.ts";
import { advanceRun, startRun } from "../../../viz/simulated-run.ts";
import type { VerdictChange } from "../../../viz/worker-messages.ts";

test.each(["acks-1", "unclean-election"])(
  "in %s a lost record's evidence is the promise, what made it untrue, what was behind that, and where it showed",
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
    const kinds = evidence.map(({ what }) => what);
    expect(kinds.toSorted()).toEqual(["behind", "gone", "promised", "showed"]);
    const [promised, behind, gone, showed] = (
      ["promised", "behind", "gone", "showed"] as const
    ).map((kind) => evidence.find(({ what }) => what === kind)?.event);
    expect(behind).toBe(why(recording, gone?.seq ?? -1).at(-1)?.event);
    expect(promised).toMatchObject({
      type: "result",
      outcome: { type: "acknowledged", ...record },
    });
    expect(showed?.type).toBe("phase");

    // The mark that a reader sees turns from ✓ to ✗ with that very event.
    const at = indexOf(recording, gone?.seq ?? -1);
    const marks = [at, at + 1].map((count) => {
      const picture = pictureAt(recording, count);
      const partition = picture.partitions.get(record.partition);
      if (partition === undefined) throw new RangeError("no such partition");
      const { told } = partitionView(picture, recording.facts, partition, 1000, { from: 0 });
      return told.find(({ offset }) => offset === record.offset)?.kept;
    });
    expect(marks).toEqual([true, false]);
    expect(why(recording, gone?.seq ?? -1).at(-1)?.event.type).toBe("fault");
  },
);
