/* What a scenario's operator does to topics and brokers, for those who run and judge it. */
import type { Scenario } from "./schema.ts";

const key = "unclean.leader.election.enable";

/** The topic of a partition's name (`orders-0`). */
export const topicOf = (partition: string): string =>
  partition.slice(0, partition.lastIndexOf("-"));

/** Topics that the operator deletes, or tries to. */
export const deletedTopics = ({ faults }: Scenario): ReadonlySet<string> =>
  new Set(faults.flatMap((fault) => (fault.type === "deleteTopic" ? [fault.topic] : [])));

/** Brokers that are not there at the start: the operator adds them. */
export const lateBrokers = ({ faults }: Scenario): ReadonlySet<number> =>
  new Set(faults.flatMap((fault) => (fault.type === "addBroker" ? [fault.broker] : [])));

/** Topics in which a replica that is not in sync may lead at some time of the run. */
export function uncleanTopics(scenario: Scenario): ReadonlySet<string> {
  const { cluster, topics } = scenario;
  const byDefault = cluster.config[key] === true || changesOf(scenario, undefined).includes(true);
  const mayBe = topics.filter(({ name, config }) => {
    const own = [config[key] ?? null, ...changesOf(scenario, name)];
    // Without a setting of its own a topic has that of the brokers.
    return own.includes(true) || (byDefault && own.includes(null)) || isForced(scenario, name);
  });
  return new Set(mayBe.map(({ name }) => name));
}

/**
 * How many replicas have to be in sync in a topic before a write is acknowledged: the most that min.insync.replicas ever
 * asks for in the run. A topic may have fewer replicas.
 */
export function needsInSync({ cluster, topics, faults }: Scenario, topic: string): number {
  const key = "min.insync.replicas";
  const own = topics.find(({ name }) => name === topic)?.config[key];
  let most = own ?? cluster.config[key] ?? 1;
  for (const fault of faults) {
    if (fault.type !== "configChange" || (fault.topic ?? topic) !== topic) continue;
    const value = fault.config[key] ?? cluster.config[key] ?? 1;
    if (fault.config[key] !== undefined && Number(value) > most) most = Number(value);
  }
  return most;
}

/** To what the operator sets it, for a topic or for all brokers (undefined); null: it is taken back. */
const changesOf = ({ faults }: Scenario, topic: string | undefined) =>
  faults.flatMap((fault) => {
    if (fault.type !== "configChange" || fault.topic !== topic || fault.broker !== undefined)
      return [];
    const value = fault.config[key];
    return value === undefined ? [] : [value];
  });

/** Whether the operator asks for an unclean election in a topic. */
const isForced = ({ faults }: Scenario, topic: string): boolean =>
  faults.some(
    (fault) =>
      fault.type === "electLeaders" &&
      fault.election === "unclean" &&
      fault.partitions.some((name) => topicOf(name) === topic),
  );
