import { expect, test } from "vitest";
import { guarantees } from "#sim";
import { standingText } from "../../../viz/panels/standing.ts";
import type { VerdictChange } from "../../../viz/worker-messages.ts";

const standing = (state: VerdictChange["state"], off: readonly string[] = []): VerdictChange => ({
  ...{ seq: 9, at: 9, id: "any", state, checked: 12, exempt: off.length, off },
  ...{ evidence: null, event: null, record: null },
});

test("a card says how much was checked, and when a promise broke", () => {
  expect(standingText(undefined)).toBe("nothing to judge yet");
  expect(standingText(standing("holds"))).toBe("holds so far · 12 checked");
  expect(standingText(standing("broken"), 5_123_400)).toBe("broken at 5,123.400 ms");
});

test("every precondition has words short enough for a card", () => {
  for (const { id, preconditions } of guarantees) {
    for (const one of preconditions) {
      const text = standingText(standing("notPromisedBroken", [one.id, "another"]));
      expect(text, `${id}: ${one.id}`).not.toContain(one.id);
      expect(text.length).toBeLessThan(50);
    }
  }
});
