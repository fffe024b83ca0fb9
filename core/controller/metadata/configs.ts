/*
 * Settings that change at run time (Kafka's ConfigurationControlManager.incrementalAlterConfigs): of a topic, of one
 * broker, or of all brokers. The most particular one that is set counts.
 */
import { brokerId } from "../../foundation/ids.ts";
import type {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from "../../wire/api/incremental-alter-configs.ts";
import { brokerResource, topicResource } from "../../wire/config-resource.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import { metadataRecord, type MetadataRecord } from "../../wire/metadata-records.ts";
import type { Active, Decision } from "../active.ts";
import type { Controller } from "../state.ts";
import { updatesFor } from "./elections.ts";
import { copyImage, hasEligibleLeaders, type MetadataImage, resourceKey } from "./image.ts";
import { replay } from "./replay.ts";
import { brokerConfigProblem, topicConfigProblem } from "./topic-configs.ts";

type AskedResource = IncrementalAlterConfigsRequest["resources"][number];
type Altered =
  | { readonly records: readonly MetadataRecord[] }
  | { readonly error: ErrorName; readonly message: string };

const setOperation = 0;
const deleteOperation = 1;

/** Changes what can be changed; each other resource gets its own error. */
export function onIncrementalAlterConfigs(
  self: Controller,
  { image }: Active,
  request: IncrementalAlterConfigsRequest,
): Decision<IncrementalAlterConfigsResponse> {
  const records: MetadataRecord[] = [];
  const responses = request.resources.map((asked) => {
    const twice = request.resources.filter((other) => isSame(other, asked)).length > 1;
    const altered: Altered = twice
      ? { error: "INVALID_REQUEST", message: "Each resource must appear at most once." }
      : alter(image, asked);
    if ("error" in altered) return result(asked, altered.error, altered.message);
    records.push(...altered.records);
    return result(asked, "NONE", null);
  });
  const body = { throttleTimeMs: 0, responses };
  if (request.validateOnly || records.length === 0) return { records: [], body };
  const all = [...records, ...clearedBy(image, records)];
  return { records: [...all, ...electionsAfter(self, image, all)], body };
}

/** Nothing is changed. */
export const refuseConfigs = (
  error: ErrorName,
  request: IncrementalAlterConfigsRequest,
): IncrementalAlterConfigsResponse => ({
  throttleTimeMs: 0,
  responses: request.resources.map((asked) => result(asked, error, null)),
});

const isSame = (a: AskedResource, b: AskedResource): boolean =>
  a.resourceType === b.resourceType && a.resourceName === b.resourceName;

const result = (asked: AskedResource, error: ErrorName, errorMessage: string | null) => ({
  errorCode: errorCode(error),
  errorMessage,
  resourceType: asked.resourceType,
  resourceName: asked.resourceName,
});

function alter(image: MetadataImage, asked: AskedResource): Altered {
  const { resourceType, resourceName } = asked;
  const missing = missingResource(image, asked) ?? protectedMinIsr(image, asked);
  if (missing !== undefined) return missing;
  const names = asked.configs.map(({ name }) => name);
  if (new Set(names).size < names.length)
    return { error: "INVALID_REQUEST", message: "A configuration key is there twice." };
  const problemOf = resourceType === topicResource ? topicConfigProblem : brokerConfigProblem;
  const records: MetadataRecord[] = [];
  for (const { name, configOperation, value } of asked.configs) {
    if (configOperation !== setOperation && configOperation !== deleteOperation) {
      const message = `Can't append to or subtract from key ${name} because its type is not LIST.`;
      return { error: "INVALID_CONFIG", message };
    }
    const isSet = configOperation === setOperation;
    if (isSet && value === null)
      return { error: "INVALID_REQUEST", message: `Null value not supported for ${name}.` };
    const problem = problemOf(name, isSet ? value : null);
    if (problem !== undefined) return { error: "INVALID_CONFIG", message: problem };
    const next = isSet ? value : null;
    const before = image.configs.get(resourceKey(resourceType, resourceName))?.get(name) ?? null;
    if (next === before && resourceType === topicResource) continue;
    records.push(metadataRecord({ type: "config", resourceType, resourceName, name, value: next }));
  }
  return { records };
}

function missingResource(
  image: MetadataImage,
  { resourceType, resourceName: name }: AskedResource,
): Altered | undefined {
  if (resourceType === topicResource) {
    if (image.topics.has(name)) return undefined;
    return { error: "UNKNOWN_TOPIC_OR_PARTITION", message: `There is no topic ${name}.` };
  }
  if (resourceType !== brokerResource) {
    const message = `Unsupported resource type ${resourceType}.`;
    return { error: "INVALID_REQUEST", message };
  }
  if (name === "") return undefined;
  if (!/^\d{1,9}$/.test(name)) {
    const message = `Unable to parse broker name as a base 10 number: ${name}`;
    return { error: "INVALID_REQUEST", message };
  }
  if (image.brokers.has(brokerId(Number(name)))) return undefined;
  return { error: "BROKER_ID_NOT_REGISTERED", message: `No broker with id ${name} found.` };
}

const minIsrKey = "min.insync.replicas";

/** While eligible leader replicas are kept, min.insync.replicas is of topics and of the whole cluster, not of a broker. */
function protectedMinIsr(image: MetadataImage, asked: AskedResource): Altered | undefined {
  const { resourceType, resourceName, configs } = asked;
  const isAsked = configs.some(({ name }) => name === minIsrKey);
  if (!hasEligibleLeaders(image) || resourceType !== brokerResource || !isAsked) return undefined;
  if (resourceName !== "") {
    const message = "Broker-level min.insync.replicas cannot be altered while ELR is enabled.";
    return { error: "INVALID_CONFIG", message };
  }
  return undefined;
}

/** Whoever was eligible under another min.insync.replicas is so no more (ClearElrRecord, KIP-966). */
function clearedBy(image: MetadataImage, records: readonly MetadataRecord[]): MetadataRecord[] {
  if (!hasEligibleLeaders(image)) return [];
  return records.flatMap((record) =>
    record.type === "config" && record.name === minIsrKey
      ? [
          metadataRecord({
            type: "clearElr",
            topicName: record.resourceType === topicResource ? record.resourceName : "",
          }),
        ]
      : [],
  );
}

/** Where unclean elections are allowed from now on, partitions that nobody leads get a leader at once. */
function electionsAfter(
  self: Controller,
  image: MetadataImage,
  records: readonly MetadataRecord[],
): MetadataRecord[] {
  const key = "unclean.leader.election.enable";
  const allows = records.some((one) => one.type === "config" && one.name === key);
  if (!allows) return [];
  const after = copyImage(image);
  for (const record of records) replay(after, record);
  return updatesFor(after, {}, self.config.settings);
}
