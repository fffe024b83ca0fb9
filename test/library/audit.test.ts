// A guarantee of somebody's own that looks into processes, as docs/library.md tells of it.
import { expect, test } from "vitest";
import { type Audit, type Guarantee, scenarios, simulate } from "../../library/index.ts";

test("a guarantee of one's own hears what looks into the processes show", () => {
  const heard: Audit[] = [];
  const listening: Guarantee<Audit[]> = {
    id: "listening",
    sentence: "No replica's memory differs from its files.",
    why: "An example.",
    preconditions: [],
    begin: () => heard,
    step: () => undefined,
    audit: (state, audit) => void state.push(audit),
    verdict: (state) => ({ checked: state.length, exempt: 0, precondition: [], breaks: [] }),
  };
  const { judgements } = simulate(scenarios["steady"] ?? {}, { guarantees: [listening] });
  expect(judgements.find(({ id }) => id === "listening")?.checked).toBe(heard.length);
  expect([...new Set(heard.map(({ type }) => type))].sort()).toEqual([
    "image",
    "imageRebuilt",
    "inSync",
    "log",
  ]);
  expect(heard.every(({ seq, at, node }) => seq >= 0 && at >= 0 && node !== "")).toBe(true);
});
