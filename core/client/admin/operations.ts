/*
 * What an admin can ask: for each call the request that carries it and what its answer comes to.
 */
import { must } from "../../foundation/assert.ts";
import type { AdminCall, ClientOutcome, TopicPartition } from "../../foundation/calls.ts";
import { brokerId, partitionName } from "../../foundation/ids.ts";
import type { AnyApi, RequestInput, ResponseOf } from "../../wire/api.ts";
import { createPartitions } from "../../wire/api/create-partitions.ts";
import { createTopics } from "../../wire/api/create-topics.ts";
import { deleteRecords } from "../../wire/api/delete-records.ts";
import { deleteTopics } from "../../wire/api/delete-topics.ts";
import { describeCluster } from "../../wire/api/describe-cluster.ts";
import { electLeaders } from "../../wire/api/elect-leaders.ts";
import { incrementalAlterConfigs } from "../../wire/api/incremental-alter-configs.ts";
import { brokerResource, topicResource } from "../../wire/config-resource.ts";
import { type ErrorName, errorName } from "../../wire/errors.ts";
import { isMetadataError } from "../network/cluster.ts";

/** An answer ends the call, or leaves some of it to be asked again because of an error. */
export type Answered =
  { readonly outcome: ClientOutcome } | { readonly left: AdminCall; readonly error: ErrorName };

type CallOf<T extends AdminCall["type"]> = Extract<AdminCall, { readonly type: T }>;

/** One kind of call. */
interface Operation<A extends AnyApi, T extends AdminCall["type"]> {
  readonly type: T;
  readonly api: A;
  readonly body: (asked: CallOf<T>, timeoutMs: number, version: number) => RequestInput<A>;
  readonly read: (asked: CallOf<T>, answer: ResponseOf<A>) => Answered;
  /** Only the leader of a partition can do it; absent: any broker. */
  readonly of?: (asked: CallOf<T>) => TopicPartition;
}
export type AnyOperation = Operation<AnyApi, AdminCall["type"]>;

/** One row; its functions are only given calls and answers of their own kind. */
const row = <A extends AnyApi, T extends AdminCall["type"]>(operation: Operation<A, T>) =>
  [operation.type, operation as unknown as AnyOperation] as const;

const operations: ReadonlyMap<AdminCall["type"], AnyOperation> = new Map([
  row({
    type: "describeCluster",
    api: describeCluster,
    body: () => ({ includeClusterAuthorizedOperations: false }),
    read: (asked, { errorCode, errorMessage, brokers }) =>
      one(asked, errorCode, errorMessage, {
        type: "cluster",
        brokers: brokers.map((broker) => brokerId(broker.brokerId)).toSorted((a, b) => a - b),
      }),
  }),
  row({
    type: "createTopics",
    api: createTopics,
    body: ({ topics }, timeoutMs) => ({
      topics: topics.map(({ name, partitions, replicationFactor, configs }) => ({
        name,
        numPartitions: partitions,
        replicationFactor,
        assignments: [],
        configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
      })),
      timeoutMs,
    }),
    read: (asked, { topics: results }) =>
      several(results, (names) => ({
        ...asked,
        topics: asked.topics.filter(({ name }) => names.has(name)),
      })),
  }),
  row({
    type: "createPartitions",
    api: createPartitions,
    body: ({ topic, count }, timeoutMs) => ({
      topics: [{ name: topic, count, assignments: null }],
      timeoutMs,
      validateOnly: false,
    }),
    read: (asked, { results }) => several(results, () => asked),
  }),
  row({
    type: "deleteTopics",
    api: deleteTopics,
    // Before version 6 topics have names only.
    body: ({ topics }, timeoutMs, version) =>
      version >= 6
        ? { topics: topics.map((name) => ({ name })), timeoutMs }
        : { topicNames: topics, timeoutMs },
    read: (asked, { responses }) =>
      several(
        responses.map((each) => ({ ...each, name: each.name ?? "" })),
        (names) => ({ ...asked, topics: asked.topics.filter((name) => names.has(name)) }),
      ),
  }),
  row({
    type: "alterConfigs",
    api: incrementalAlterConfigs,
    body: ({ resource, name, configs }) => ({
      resources: [
        {
          resourceType: resource === "topic" ? topicResource : brokerResource,
          resourceName: name,
          configs: Object.entries(configs).map(([key, value]) => ({
            name: key,
            configOperation: value === null ? 1 : 0,
            value,
          })),
        },
      ],
      validateOnly: false,
    }),
    read: (asked, { responses }) =>
      several(
        responses.map((one) => ({ ...one, name: one.resourceName })),
        () => asked,
      ),
  }),
  row({
    type: "deleteRecords",
    api: deleteRecords,
    of: ({ topic, partition }) => ({ topic, partition }),
    body: ({ topic, partition, before }, timeoutMs) => ({
      topics: [{ name: topic, partitions: [{ partitionIndex: partition, offset: before ?? -1 }] }],
      timeoutMs,
    }),
    read: (asked, { topics }) => {
      const code = topics[0]?.partitions[0]?.errorCode ?? 0;
      const error = errorName(code);
      return isMetadataError(error)
        ? { left: asked, error }
        : one(asked, code, null, { type: "done" });
    },
  }),
  row({
    type: "electLeaders",
    api: electLeaders,
    body: ({ election, partitions }, timeoutMs) => ({
      electionType: election === "preferred" ? 0 : 1,
      topicPartitions: [...new Set(partitions.map(({ topic }) => topic))].map((topic) => ({
        topic,
        partitions: partitions
          .filter((one) => one.topic === topic)
          .map(({ partition }) => partition),
      })),
      timeoutMs,
    }),
    read: (asked, { errorCode, replicaElectionResults }) => {
      if (errorCode !== 0) return one(asked, errorCode, null, { type: "done" });
      const results = replicaElectionResults.flatMap(({ topic, partitionResult }) =>
        partitionResult.map((each) => ({ ...each, name: partitionName(topic, each.partitionId) })),
      );
      // Whoever leads already need not be elected.
      const failed = results.filter((each) => errorName(each.errorCode) !== "ELECTION_NOT_NEEDED");
      return several(failed, () => asked);
    },
  }),
]);

/** The kind of a call. */
export const operationOf = (type: AdminCall["type"]): AnyOperation => {
  const operation = operations.get(type);
  return must(operation, "every call of an admin has its operation");
};

/** Whether an admin does what is asked in such a call. */
export const isAdminCall = (asked: { readonly type: string }): asked is AdminCall =>
  operations.has(asked.type as AdminCall["type"]);

/** Nobody decided: the same question may be answered later. Other errors are for whoever asked. */
const isTransient = (error: ErrorName): boolean =>
  error === "REQUEST_TIMED_OUT" || error === "NOT_CONTROLLER";

/** One answer for all that was asked. */
function one(
  asked: AdminCall,
  code: number,
  message: string | null,
  outcome: ClientOutcome,
): Answered {
  const error = errorName(code);
  if (error === "NONE") return { outcome };
  return isTransient(error)
    ? { left: asked, error }
    : { outcome: { type: "failed", error, reason: message ?? error } };
}

interface Result {
  readonly name: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** An answer for each: an error that no other try would mend ends the call, whatever became of the others. */
function several(
  results: readonly Result[],
  left: (names: ReadonlySet<string>) => AdminCall,
): Answered {
  const failed = results.filter(({ errorCode }) => errorCode !== 0);
  const fatal = failed.find(({ errorCode }) => !isTransient(errorName(errorCode)));
  if (fatal !== undefined) {
    const error = errorName(fatal.errorCode);
    const reason = fatal.errorMessage ?? `${fatal.name}: ${error}`;
    return { outcome: { type: "failed", error, reason } };
  }
  const [first] = failed;
  if (first === undefined) return { outcome: { type: "done" } };
  return {
    left: left(new Set(failed.map(({ name }) => name))),
    error: errorName(first.errorCode),
  };
}
