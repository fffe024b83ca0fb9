import { expect, test } from "vitest";
import { families, library } from "#sim";
import { heardAs, postedAs } from "../../viz/posted.ts";
import { traceOf } from "../support/library-runs.ts";

const drawn = [...families].map(([name, draw]) => [`${name} 3`, draw("3")] as const);
const scenarios = new Map([
  ...[...library].map(([name, make]) => [name, make()] as const),
  ...drawn,
]);
// A hundred brokers tell nothing that three do not, for a long time.
scenarios.delete("many");

test.each([...scenarios])("the page hears what the worker said: %s", (_, scenario) => {
  const message = { type: "events", run: 7, events: traceOf(scenario) } as const;
  expect(message.events.length).toBeGreaterThan(100);
  expect(heardAs(structuredClone(postedAs(message)))).toEqual(message);
});
