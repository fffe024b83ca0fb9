import * as v from "valibot";
import { brokerDefaults, topicDefaults, utf8Length } from "#core";
import { withSwitchedSettings } from "../museum/switching.ts";
import { limits } from "./limits.ts";
import { brokerClash, type Clash, consumerClash, producerClash } from "./setting-bounds.ts";
import { isByHand } from "../faults/kinds.ts";
import { isUnknownKey } from "./schema-parts.ts";
import {
  type FaultTarget,
  type HandFault,
  type OperatorFault,
  type Scenario,
  scenarioSchema,
} from "./schema.ts";

/** A scenario that cannot be run: where it is wrong, and what was expected there. */
export class ScenarioError extends Error {
  override readonly name = "ScenarioError";
  /** `faults.0.target.node`; "" for the whole. */
  readonly path: string;

  constructor(path: string, problem: string) {
    super(path === "" ? problem : `${path}: ${problem}`);
    this.path = path;
  }
}

/**
 * Checks a scenario and fills in its defaults.
 * @throws ScenarioError
 */
export function parseScenario(json: unknown): Scenario {
  const result = v.safeParse(scenarioSchema, json);
  if (!result.success) {
    const issue = deepest(result.issues);
    throw new ScenarioError(v.getDotPath(issue) ?? "", issue.message);
  }
  // The schema's defaults make every field of Scenario be there; the compiler cannot see that through its unions.
  const scenario = withSwitchedSettings(result.output as Scenario);
  checkRanges(scenario);
  checkSettings(scenario);
  checkReferences(scenario);
  checkOwnRecords(scenario);
  return scenario;
}

/** Text as it stands in a file. @throws ScenarioError also if it is no JSON. */
export function parseScenarioText(text: string): Scenario {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ScenarioError(
      "",
      `not JSON (${error instanceof Error ? error.message : String(error)})`,
    );
  }
  return parseScenario(json);
}

/** Of several problems the one that says most: the deepest, and a key that is misspelled before one that is missing. */
function deepest(
  issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]],
): v.BaseIssue<unknown> {
  const weight = (issue: v.BaseIssue<unknown>): number =>
    2 * (issue.path?.length ?? 0) + (isUnknownKey(issue) ? 1 : 0);
  return issues.reduce((best, issue) => (weight(issue) > weight(best) ? issue : best));
}

function checkRanges(scenario: Scenario): void {
  const ranges: [string, readonly [number, number]][] = [
    ["network.latencyUs", scenario.network.latencyUs],
    ["disk.appendUs", scenario.disk.appendUs],
    ["disk.fsyncUs", scenario.disk.fsyncUs],
    ["disk.metadataUs", scenario.disk.metadataUs],
    ["disk.writeBackMs", scenario.disk.writeBackMs],
    ...scenario.workload.producers.map(({ intervalMs }, i): [string, readonly [number, number]] => [
      `workload.producers.${i}.intervalMs`,
      intervalMs,
    ]),
  ];
  for (const [path, [low, high]] of ranges) {
    if (low > high)
      throw new ScenarioError(path, `the first (${low}) is above the second (${high})`);
  }
}

function checkSettings({ cluster, workload }: Scenario): void {
  const clashes: [string, Clash | undefined][] = [
    ["cluster.config", brokerClash(cluster.config)],
    ...workload.producers.map(({ config }, i): [string, Clash | undefined] => [
      `workload.producers.${i}.config`,
      producerClash(config),
    ]),
    ...workload.consumers.map(({ config }, i): [string, Clash | undefined] => [
      `workload.consumers.${i}.config`,
      consumerClash(config),
    ]),
  ];
  for (const [path, clash] of clashes)
    if (clash !== undefined) throw new ScenarioError(`${path}.${clash.key}`, clash.problem);
}

/** A scenario with records of somebody's own still fits into a link's limits, and into copies of a world. */
function checkOwnRecords({ workload: { producers } }: Scenario): void {
  let bytes = 0;
  for (const [i, { records = [] }] of producers.entries()) {
    for (const [j, { key, value }] of records.entries()) {
      const length = utf8Length(value);
      bytes += length + (key === null ? 0 : utf8Length(key));
      const path = `workload.producers.${i}.records.${j}`;
      if (length > limits.valueBytes) {
        const problem = `${length} bytes; expected at most ${limits.valueBytes}`;
        throw new ScenarioError(`${path}.value`, problem);
      }
      if (bytes <= limits.ownBytes) continue;
      const problem = `with this record all own records have more than ${limits.ownBytes} bytes`;
      throw new ScenarioError(path, problem);
    }
  }
}

function checkReferences(scenario: Scenario): void {
  const { cluster, topics, workload } = scenario;
  unique(
    "cluster.brokers",
    cluster.brokers.map(({ id }) => `broker ${id}`),
  );
  unique(
    "cluster.controllers",
    cluster.controllers.map(({ id }) => `controller ${id}`),
  );
  unique(
    "topics",
    topics.map(({ name }) => name),
  );
  unique(
    "workload.producers",
    workload.producers.map(({ name }) => name),
  );
  unique(
    "workload.consumers",
    workload.consumers.map(({ name }) => name),
  );
  for (const [i, topic] of topics.entries()) {
    if (topic.replicationFactor <= cluster.brokers.length) continue;
    const problem = `${topic.replicationFactor} replicas need as many brokers, there are ${cluster.brokers.length}`;
    throw new ScenarioError(`topics.${i}.replicationFactor`, problem);
  }
  const known = new Set(topics.map(({ name }) => name));
  for (const role of ["producers", "consumers"] as const) {
    for (const [i, { topic }] of workload[role].entries()) {
      if (!known.has(topic))
        throw new ScenarioError(`workload.${role}.${i}.topic`, `no topic is named ${topic}`);
    }
  }
  checkTargets(scenario);
}

function unique(path: string, names: readonly string[]): void {
  for (const [i, name] of names.entries()) {
    if (names.indexOf(name) !== i)
      throw new ScenarioError(`${path}.${i}`, `${name} is there twice`);
  }
}

function checkTargets(scenario: Scenario): void {
  const nodes = new Set([
    ...scenario.cluster.brokers.map(({ id }) => `b${id}`),
    ...scenario.cluster.controllers.map((_, i) => `c${i + 1}`),
    ...scenario.workload.producers.map(({ name }) => name),
    ...scenario.workload.consumers.map(({ name }) => name),
    "a1",
  ]);
  const partitions = new Set(
    scenario.topics.flatMap(({ name, partitions: count }) =>
      Array.from({ length: count }, (_, index) => `${name}-${index}`),
    ),
  );
  for (const [i, { on }] of scenario.cluster.controllers.entries()) {
    if (on !== undefined && !scenario.cluster.brokers.some(({ id }) => id === on))
      throw new ScenarioError(`cluster.controllers.${i}.on`, `there is no broker ${on}`);
  }
  const racks = new Set(scenario.cluster.brokers.map(({ rack }) => rack));
  const check = (path: string, target: FaultTarget, inBetween: boolean): void => {
    if ("others" in target) {
      if (!inBetween) throw new ScenarioError(path, "others stands only in between");
    } else if ("node" in target) {
      if (!nodes.has(target.node))
        throw new ScenarioError(`${path}.node`, `no node is named ${target.node}`);
    } else if ("nodes" in target) {
      const stranger = target.nodes.find((one) => !nodes.has(one));
      if (stranger !== undefined)
        throw new ScenarioError(`${path}.nodes`, `no node is named ${stranger}`);
    } else if ("rack" in target) {
      if (!racks.has(target.rack))
        throw new ScenarioError(`${path}.rack`, `no rack is named ${target.rack}`);
    } else if (!("role" in target)) {
      const name = "leaderOf" in target ? target.leaderOf : target.followersOf;
      if (!partitions.has(name)) throw new ScenarioError(path, `no partition is named ${name}`);
    }
  };
  for (const [i, fault] of scenario.faults.entries()) {
    if (fault.when !== undefined) {
      const { partition, node } = fault.when;
      if (partition !== undefined && !partitions.has(partition))
        throw new ScenarioError(`faults.${i}.when.partition`, `no partition is named ${partition}`);
      if (node !== undefined && !nodes.has(node))
        throw new ScenarioError(`faults.${i}.when.node`, `no node is named ${node}`);
    }
    if (fault.type === "delay" && fault.addMs[0] > fault.addMs[1])
      throw new ScenarioError(
        `faults.${i}.addMs`,
        `the first (${fault.addMs[0]}) is above the second (${fault.addMs[1]})`,
      );
    if (isByHand(fault)) checkByHand(scenario, `faults.${i}`, fault);
    else if (!("target" in fault || "between" in fault))
      checkOperator(scenario, `faults.${i}`, fault);
    else if ("target" in fault) check(`faults.${i}.target`, fault.target, false);
    else
      for (const end of [0, 1] as const)
        check(`faults.${i}.between.${end}`, fault.between[end], true);
  }
}

/** Who does something by hand does it to a producer that there is. */
function checkByHand({ faults, topics, workload }: Scenario, path: string, fault: HandFault): void {
  if (fault.type === "heal") {
    if (fault.fault === undefined || fault.fault < faults.length) return;
    throw new ScenarioError(`${path}.fault`, `there are ${faults.length} faults, from 0 on`);
  }
  const spec = workload.producers.find(({ name }) => name === fault.producer);
  if (spec === undefined)
    throw new ScenarioError(`${path}.producer`, `no producer is named ${fault.producer}`);
  if (fault.type !== "produce" || fault.partition === undefined) return;
  const count = topics.find(({ name }) => name === spec.topic)?.partitions ?? 0;
  if (fault.partition >= count)
    throw new ScenarioError(
      `${path}.partition`,
      `${spec.topic} has ${count} partitions, from 0 on`,
    );
}

/** What the operator touches is there when the run begins, or will be. */
function checkOperator(
  { cluster, topics, faults }: Scenario,
  path: string,
  fault: OperatorFault,
): void {
  const topic = "topic" in fault ? fault.topic : undefined;
  const known = topics.find(({ name }) => name === topic);
  if (topic !== undefined && known === undefined)
    throw new ScenarioError(`${path}.topic`, `no topic is named ${topic}`);
  if (fault.type === "addPartitions" && known !== undefined && fault.count <= known.partitions) {
    const problem = `${fault.topic} has ${known.partitions} partitions, and they only become more`;
    throw new ScenarioError(`${path}.count`, problem);
  }
  if (fault.type === "electLeaders") {
    const most = (name: string): number => {
      const grown = faults.flatMap((one) =>
        one.type === "addPartitions" && one.topic === name ? [one.count] : [],
      );
      return Math.max(topics.find((one) => one.name === name)?.partitions ?? 0, ...grown);
    };
    for (const [i, partition] of fault.partitions.entries()) {
      const dash = partition.lastIndexOf("-");
      if (Number(partition.slice(dash + 1)) < most(partition.slice(0, dash))) continue;
      throw new ScenarioError(`${path}.partitions.${i}`, `no partition is named ${partition}`);
    }
  }
  if (fault.type === "addBroker" && !cluster.brokers.some(({ id }) => id === fault.broker))
    throw new ScenarioError(`${path}.broker`, `there is no broker ${fault.broker}`);
  if (fault.type === "configChange") checkConfigChange(cluster, path, fault);
}

function checkConfigChange(
  { brokers }: Scenario["cluster"],
  path: string,
  { topic, broker, config }: Extract<OperatorFault, { type: "configChange" }>,
): void {
  if (topic !== undefined && broker !== undefined)
    throw new ScenarioError(
      `${path}.broker`,
      "the settings of a topic or of a broker, not of both",
    );
  if (broker !== undefined && !brokers.some(({ id }) => id === broker))
    throw new ScenarioError(`${path}.broker`, `there is no broker ${broker}`);
  for (const key of Object.keys(config)) {
    const isOfTopic = key in topicDefaults;
    const isOfBroker = key in brokerDefaults;
    if (topic === undefined ? isOfBroker : isOfTopic) continue;
    const whose = topic === undefined ? "brokers have" : "a topic has";
    throw new ScenarioError(`${path}.config.${key}`, `${whose} no setting of that name`);
  }
}
