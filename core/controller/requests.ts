/*
 * Requests to the controller (Kafka's ControllerApis): from brokers, and what brokers carry on for clients.
 */
import type { Turn } from "../foundation/turn.ts";
import { allocateProducerIds } from "../wire/api/allocate-producer-ids.ts";
import { alterPartition } from "../wire/api/alter-partition.ts";
import { apiVersions } from "../wire/api/api-versions.ts";
import { brokerHeartbeat } from "../wire/api/broker-heartbeat.ts";
import { brokerRegistration } from "../wire/api/broker-registration.ts";
import { createTopics } from "../wire/api/create-topics.ts";
import { fetch } from "../wire/api/fetch.ts";
import { decodeRequestBody, readRequestHeader } from "../wire/frames.ts";
import { answer, type Caller, dropSession, pump, type Session } from "../wire/sessions.ts";
import { onAlterPartition } from "./metadata/alter-partition.ts";
import { onHeartbeat } from "./metadata/heartbeats.ts";
import { onAllocateProducerIds } from "./metadata/producer-ids.ts";
import { onRegistration } from "./metadata/registration.ts";
import { onCreateTopics } from "./metadata/topics.ts";
import { onMetadataFetch } from "./quorum/fetching.ts";
import type { Controller } from "./state.ts";

const served = [
  fetch,
  apiVersions,
  createTopics,
  alterPartition,
  brokerRegistration,
  brokerHeartbeat,
  allocateProducerIds,
] as const;

/** Handles what has arrived on a connection; nothing before this controller leads. */
export function pumpRequests(self: Controller, session: Session, turn: Turn): void {
  if (self.epoch === -1) return;
  const maxBytes = self.config.settings["socket.request.max.bytes"];
  pump(self, session, maxBytes, (frame) => handle(self, session, frame, turn), turn);
}

function handle(self: Controller, session: Session, frame: Uint8Array, turn: Turn): void {
  const header = readRequestHeader(frame);
  const { correlationId: correlation, apiVersion: version } = header;
  const caller: Caller = {
    connection: session.connection,
    correlation,
    version,
    input: turn.input.id,
  };
  const api = served.find(({ key }) => key === header.apiKey);
  if (api === undefined || version < api.minVersion || version > api.maxVersion) {
    return dropSession(self, session.connection, turn);
  }
  switch (api) {
    case fetch:
      return onMetadataFetch(self, caller, decodeRequestBody(fetch, version, frame), turn);
    case createTopics: {
      const body = onCreateTopics(self, decodeRequestBody(createTopics, version, frame), turn);
      return answer(self, caller, createTopics, body, turn);
    }
    case alterPartition: {
      const body = onAlterPartition(self, decodeRequestBody(alterPartition, version, frame), turn);
      return answer(self, caller, alterPartition, body, turn);
    }
    case brokerRegistration: {
      const body = onRegistration(
        self,
        decodeRequestBody(brokerRegistration, version, frame),
        turn,
      );
      return answer(self, caller, brokerRegistration, body, turn);
    }
    case brokerHeartbeat: {
      const body = onHeartbeat(self, decodeRequestBody(brokerHeartbeat, version, frame), turn);
      return answer(self, caller, brokerHeartbeat, body, turn);
    }
    case allocateProducerIds: {
      const body = onAllocateProducerIds(
        self,
        decodeRequestBody(allocateProducerIds, version, frame),
        turn,
      );
      return answer(self, caller, allocateProducerIds, body, turn);
    }
    case apiVersions: {
      const apiKeys = served.map(({ key: apiKey, minVersion, maxVersion }) => ({
        apiKey,
        minVersion,
        maxVersion,
      }));
      return answer(self, caller, apiVersions, { errorCode: 0, apiKeys, throttleTimeMs: 0 }, turn);
    }
  }
}
