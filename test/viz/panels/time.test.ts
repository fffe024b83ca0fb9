import fc from "fast-check";
import { expect, test } from "vitest";
import { speedText, spanText, tickText, timeOf, timeText } from "../../../viz/panels/time.ts";

test("a time that is read is the time that was written", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 12 }), (at) => {
      expect(timeOf(timeText(at))).toBe(at);
    }),
  );
  expect(timeOf("soon")).toBe(undefined);
});

test("times, leaps and speeds in people's words", () => {
  expect(timeText(12_345_678)).toBe("12,345.678 ms");
  expect(timeText(1_234_567_000)).toBe("1,234,567.000 ms");
  expect([tickText(500_000), tickText(2_500_000)]).toEqual(["500 ms", "2.5 s"]);
  expect([spanText(9_400_000), spanText(31_000), spanText(1500)]).toEqual([
    "+9.4 s",
    "+31 ms",
    "+1.5 ms",
  ]);
  expect([speedText(0.5), speedText(2), speedText(100), speedText(1000), speedText(3000)]).toEqual([
    "1 ms in 2.0 s",
    "1 ms in 0.50 s",
    "1 ms in 10 ms",
    "real time",
    "3× real time",
  ]);
});
