import {
  createWorld,
  kafkaMachines,
  newRuntime,
  type Scenario,
  stepWorld,
  type TraceEvent,
} from "#sim";

/** A run whose events are taken one at a time, so that two runs can be compared as they go. */
export function* kafkaRun(scenario: Scenario): Generator<TraceEvent> {
  const world = createWorld(scenario);
  const runtime = newRuntime(kafkaMachines);
  const events: TraceEvent[] = [];
  const record = { listener: (event: TraceEvent) => void events.push(event) };
  while (stepWorld(world, runtime, record, Infinity)) yield* events.splice(0);
  yield* events.splice(0);
}
