import {
  createWorld,
  kafkaMachines,
  newRuntime,
  type Scenario,
  stepWorld,
  type TraceEvent,
  traceLine,
} from "#sim";

/** A run whose events are taken one at a time, so that two runs can be compared as they go. */
function* kafkaRun(scenario: Scenario): Generator<TraceEvent> {
  const world = createWorld(scenario);
  const runtime = newRuntime(kafkaMachines);
  const events: TraceEvent[] = [];
  const record = { listener: (event: TraceEvent) => void events.push(event) };
  while (stepWorld(world, runtime, record, Infinity)) yield* events.splice(0);
  yield* events.splice(0);
}

/** The events of a run as the lines of its trace. */
export function* traceLinesOf(scenario: Scenario): Generator<string> {
  for (const event of kafkaRun(scenario)) yield traceLine(event).trimEnd();
}
