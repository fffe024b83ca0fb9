import type { AnyApi } from "./api.ts";
import { allocateProducerIds } from "./api/allocate-producer-ids.ts";
import { alterPartition } from "./api/alter-partition.ts";
import { apiVersions } from "./api/api-versions.ts";
import { beginQuorumEpoch } from "./api/begin-quorum-epoch.ts";
import { brokerHeartbeat } from "./api/broker-heartbeat.ts";
import { brokerRegistration } from "./api/broker-registration.ts";
import { createPartitions } from "./api/create-partitions.ts";
import { createTopics } from "./api/create-topics.ts";
import { deleteRecords } from "./api/delete-records.ts";
import { deleteTopics } from "./api/delete-topics.ts";
import { describeCluster } from "./api/describe-cluster.ts";
import { electLeaders } from "./api/elect-leaders.ts";
import { endQuorumEpoch } from "./api/end-quorum-epoch.ts";
import { fetchSnapshot } from "./api/fetch-snapshot.ts";
import { fetch } from "./api/fetch.ts";
import { incrementalAlterConfigs } from "./api/incremental-alter-configs.ts";
import { initProducerId } from "./api/init-producer-id.ts";
import { listOffsets } from "./api/list-offsets.ts";
import { metadata } from "./api/metadata.ts";
import { offsetForLeaderEpoch } from "./api/offset-for-leader-epoch.ts";
import { produce } from "./api/produce.ts";
import { vote } from "./api/vote.ts";

/** What clients may ask of a broker, by key. */
const clientApis: readonly AnyApi[] = [
  produce,
  fetch,
  listOffsets,
  metadata,
  apiVersions,
  createTopics,
  initProducerId,
  offsetForLeaderEpoch,
  describeCluster,
  createPartitions,
  deleteRecords,
  deleteTopics,
  incrementalAlterConfigs,
  electLeaders,
];

/** Every API that we speak, by key; those after the clients' between brokers and controllers only. */
export const apis: readonly AnyApi[] = [
  ...clientApis,
  alterPartition,
  brokerRegistration,
  brokerHeartbeat,
  allocateProducerIds,
  vote,
  beginQuorumEpoch,
  endQuorumEpoch,
  fetchSnapshot,
];

const byKey: ReadonlyMap<number, AnyApi> = new Map(apis.map((api) => [api.key, api]));

/** The API of a key, if we speak it. */
export const apiByKey = (key: number): AnyApi | undefined => byKey.get(key);

/** Kafka's name of an API, such as `Produce`; `Api 99` for one that we do not speak. */
export const apiName = (key: number): string => byKey.get(key)?.name ?? `Api ${key}`;

/** One row of an ApiVersions answer. */
export interface AdvertisedApi {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

/**
 * What ApiVersions answers. Produce is advertised from version 0 on although it is served from 3: clients of
 * old librdkafka look for 0 and send uncompressed records without it (KAFKA-18659).
 */
export const advertised: readonly AdvertisedApi[] = clientApis.map((api) => ({
  apiKey: api.key,
  minVersion: api === produce ? 0 : api.minVersion,
  maxVersion: api.maxVersion,
}));
