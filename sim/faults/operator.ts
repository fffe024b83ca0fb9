/*
 * What the operator does during a run: a call of the admin client on node a1, which carries it to the cluster and tries
 * again by itself, as any admin would. It is nothing that a heal takes back.
 */
import { type AdminCall, type CallId, offset } from "#core";
import type { OperatorFault } from "../scenario/schema.ts";
import { recordEvent } from "../trace/recorder.ts";
import { deliver } from "../world/inbox.ts";
import { startNode } from "../world/lives.ts";
import { nodeNamed } from "../world/nodes.ts";
import type { Run } from "../world/runtime.ts";
import { faultSentence } from "./sentences.ts";

/** The operator asks now; nothing happens if the admin is not there to ask. */
export function askOperator(run: Run, index: number, fault: OperatorFault): void {
  const { world } = run;
  if (fault.type === "addBroker") return addBroker(run, index, fault);
  const admin = nodeNamed(world, "a1");
  const cause = recordEvent(run, undefined, -1, {
    type: "fault",
    index,
    fault,
    targets: [admin.spec.name],
    met: admin.up,
    sentence: faultSentence(fault, []),
  });
  if (!admin.up) return;
  const call = admin.nextCall++ as CallId;
  admin.operatorCalls.add(call);
  deliver(run, admin, { type: "call", call, request: requestOf(fault), cause });
}

/** A broker that was not there at the start of the run begins its first life. */
function addBroker(run: Run, index: number, fault: AddBroker): void {
  const node = nodeNamed(run.world, `b${fault.broker}`);
  const met = node.life === 0;
  const cause = recordEvent(run, undefined, -1, {
    type: "fault",
    index,
    fault,
    targets: [node.spec.name],
    met,
    sentence: faultSentence(fault, []),
  });
  if (met) startNode(run, node, cause);
}

type AddBroker = Extract<OperatorFault, { type: "addBroker" }>;

function requestOf(fault: Exclude<OperatorFault, AddBroker>): AdminCall {
  switch (fault.type) {
    case "configChange": {
      const { topic, broker, config } = fault;
      const text = Object.entries(config).map(([key, value]) => [
        key,
        value === null ? null : String(value),
      ]);
      const configs = Object.fromEntries(text) as Readonly<Record<string, string | null>>;
      return topic === undefined
        ? { type: "alterConfigs", resource: "broker", name: String(broker ?? ""), configs }
        : { type: "alterConfigs", resource: "topic", name: topic, configs };
    }
    case "deleteTopic":
      return { type: "deleteTopics", topics: [fault.topic] };
    case "deleteRecords": {
      const before = fault.before === undefined ? undefined : offset(fault.before);
      return { type: "deleteRecords", ...partitionNamed(fault.partition), before };
    }
    case "addPartitions":
      return { type: "createPartitions", topic: fault.topic, count: fault.count };
    case "electLeaders": {
      const { election } = fault;
      return { type: "electLeaders", election, partitions: fault.partitions.map(partitionNamed) };
    }
  }
}

const partitionNamed = (name: string) => {
  const dash = name.lastIndexOf("-");
  return { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) };
};
