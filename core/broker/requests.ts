/*
 * Requests of clients and other brokers: taken off a connection one at a time, decoded, and handed to the
 * handler of their API (Kafka's KafkaApis). What this broker does not speak closes the connection.
 */
import type { Turn } from "../foundation/turn.ts";
import { serves } from "../wire/api.ts";
import { apiVersions } from "../wire/api/api-versions.ts";
import { deleteRecords } from "../wire/api/delete-records.ts";
import { describeCluster } from "../wire/api/describe-cluster.ts";
import { fetch } from "../wire/api/fetch.ts";
import { initProducerId } from "../wire/api/init-producer-id.ts";
import { listOffsets } from "../wire/api/list-offsets.ts";
import { metadata } from "../wire/api/metadata.ts";
import { offsetForLeaderEpoch } from "../wire/api/offset-for-leader-epoch.ts";
import { produce } from "../wire/api/produce.ts";
import { decodeRequestBody, readRequestHeader } from "../wire/frames.ts";
import { onApiVersions, refuseApiVersions } from "./handlers/api-versions.ts";
import { onDeleteRecords } from "./handlers/delete-records.ts";
import { onDescribeCluster } from "./handlers/describe-cluster.ts";
import { onFetch } from "./handlers/fetch.ts";
import { forwarded, onForwarded } from "./handlers/forward.ts";
import { onInitProducerId } from "./handlers/init-producer-id.ts";
import { onListOffsets } from "./handlers/list-offsets.ts";
import { onMetadata } from "./handlers/metadata.ts";
import { onOffsetForLeaderEpoch } from "./handlers/offset-for-leader-epoch.ts";
import { onProduce } from "./handlers/produce.ts";
import { type Caller, dropSession, pump, type Session } from "../wire/sessions.ts";
import type { Broker } from "./state.ts";

const served = [
  produce,
  fetch,
  listOffsets,
  offsetForLeaderEpoch,
  deleteRecords,
  metadata,
  initProducerId,
  describeCluster,
  apiVersions,
] as const;

/** Handles what has arrived on a connection, as far as one request at a time allows; nothing before this broker serves. */
export function pumpRequests(self: Broker, session: Session, turn: Turn): void {
  if (!self.serving) return;
  const maxBytes = self.config.settings["socket.request.max.bytes"];
  pump(self, session, maxBytes, (frame) => handle(self, session, frame, turn), turn);
}

function handle(self: Broker, session: Session, frame: Uint8Array, turn: Turn): void {
  const header = readRequestHeader(frame);
  const { apiVersion: version } = header;
  const caller: Caller = {
    connection: session.connection,
    correlation: header.correlationId,
    version,
    input: turn.input.id,
  };
  const api = served.find(({ key }) => key === header.apiKey);
  const carried = forwarded.find(({ key }) => key === header.apiKey);
  if (carried !== undefined && serves(carried, version))
    return onForwarded(self, caller, carried, frame, turn);
  if (api === undefined) return dropSession(self, session.connection, turn);
  if (version < api.minVersion || version > api.maxVersion) {
    if (api === apiVersions) refuseApiVersions(self, caller, turn);
    else dropSession(self, session.connection, turn);
    return;
  }
  switch (api) {
    case produce:
      return onProduce(self, caller, decodeRequestBody(produce, version, frame), turn);
    case fetch:
      return onFetch(self, caller, decodeRequestBody(fetch, version, frame), turn);
    case listOffsets:
      return onListOffsets(self, caller, decodeRequestBody(listOffsets, version, frame), turn);
    case offsetForLeaderEpoch:
      return onOffsetForLeaderEpoch(
        self,
        caller,
        decodeRequestBody(offsetForLeaderEpoch, version, frame),
        turn,
      );
    case deleteRecords:
      return onDeleteRecords(self, caller, decodeRequestBody(deleteRecords, version, frame), turn);
    case metadata:
      return onMetadata(self, caller, decodeRequestBody(metadata, version, frame), turn);
    case initProducerId:
      return onInitProducerId(
        self,
        caller,
        decodeRequestBody(initProducerId, version, frame),
        turn,
      );
    case describeCluster:
      return onDescribeCluster(
        self,
        caller,
        decodeRequestBody(describeCluster, version, frame),
        turn,
      );
    case apiVersions:
      decodeRequestBody(apiVersions, version, frame);
      return onApiVersions(self, caller, turn);
  }
}
