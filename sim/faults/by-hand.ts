/*
 * What somebody does by hand: a record of their own, other settings for a producer, a heal before its time. It is nothing
 * that a heal takes back.
 */
import { type CallId, must, type ProducerRecord, utf8Bytes } from "#core";
import type { HandFault, Scenario } from "../scenario/schema.ts";
import { recordEvent } from "../trace/recorder.ts";
import { deliver } from "../world/inbox.ts";
import { nodeAt } from "../world/nodes.ts";
import type { Run } from "../world/runtime.ts";
import type { Node } from "../world/state.ts";
import { healFault } from "./heal.ts";
import { lasts } from "./kinds.ts";
import { faultSentence } from "./sentences.ts";

/** Happens now. */
export function actByHand(run: Run, index: number, fault: HandFault): void {
  if (fault.type === "heal") heal(run, index, fault);
  else actOnProducer(run, index, fault);
}

/** Everything that can be healed, or one fault: as if its time were over. */
function heal(run: Run, index: number, fault: Heal): void {
  const { plan, scenario } = run.world;
  const over = plan.heals.filter(
    (one) =>
      (fault.fault ?? one.index) === one.index &&
      lasts(must(scenario.faults[one.index], "a fault of the scenario")),
  );
  const cause = recordEvent(run, undefined, -1, {
    type: "fault",
    index,
    fault,
    targets: [],
    met: over.length > 0,
    sentence: faultSentence(fault, []),
  });
  plan.heals = plan.heals.filter((one) => !over.includes(one));
  for (const one of over) healFault(run, { ...one, cause });
}

/** Happens now, unless the producer is not there. */
function actOnProducer(run: Run, index: number, fault: Produce | Configure): void {
  const { world } = run;
  const node = nodeAt(world, must(world.names.get(fault.producer), "a producer"));
  // One that is down gets its settings all the same, and has them when it starts.
  const met = node.life > 0 && (node.up || fault.type === "producerConfig");
  const cause = recordEvent(run, undefined, -1, {
    type: "fault",
    index,
    fault,
    targets: [fault.producer],
    met,
    sentence: faultSentence(fault, []),
  });
  if (!met) return;
  if (fault.type === "producerConfig") configure(run, node, fault, cause);
  else {
    const call = node.nextCall++ as CallId;
    node.operatorCalls.add(call);
    const record = recordOf(world.scenario, index, fault);
    deliver(run, node, { type: "call", call, request: { type: "send", record }, cause });
  }
}

type Produce = Extract<HandFault, { type: "produce" }>;
type Heal = Extract<HandFault, { type: "heal" }>;
type Configure = Extract<HandFault, { type: "producerConfig" }>;

/** The name that its value begins with is like no application's: `p1+3` for the fourth thing in the list of faults. */
function recordOf(scenario: Scenario, index: number, fault: Produce): ProducerRecord {
  const { producer, partition, key, value } = fault;
  const spec = must(
    scenario.workload.producers.find(({ name }) => name === producer),
    "a named producer",
  );
  const name = `${producer}+${index}`;
  return {
    topic: spec.topic,
    ...(partition === undefined ? {} : { partition }),
    key: key === undefined ? null : utf8Bytes(key),
    value: utf8Bytes(value === "" ? name : `${name} ${value}`),
  };
}

function configure(run: Run, node: Node, { config }: Configure, cause: number): void {
  node.settings = { ...node.settings, ...config };
  if (!node.up) return;
  node.restartBy = cause;
  if (node.stopping) return;
  node.stopping = true;
  deliver(run, node, { type: "stop", cause });
}
