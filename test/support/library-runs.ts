// Runs of the library as Node makes them: what a page draws is compared with them.
import { library, parseScenario, runScenario, type Scenario, type TraceEvent } from "#sim";

/** A scenario of the library, by name. */
export function fromLibrary(name: string): Scenario {
  const make = library.get(name);
  if (make === undefined) throw new RangeError(`the library has no ${name}`);
  return parseScenario(make());
}

/** All events of a run of a scenario, or of the one in the library that has this name. */
export function traceOf(scenario: Scenario | string): readonly TraceEvent[] {
  const events: TraceEvent[] = [];
  const made = typeof scenario === "string" ? fromLibrary(scenario) : scenario;
  runScenario(made, { listeners: [(event) => void events.push(event)] });
  return events;
}
