/*
 * Requests to the controller (Kafka's ControllerApis): from the other voters, from brokers, and what brokers carry on
 * for clients.
 */
import type { Turn } from "../foundation/turn.ts";
import type { AnyApi, RequestOf, ResponseInput } from "../wire/api.ts";
import { allocateProducerIds } from "../wire/api/allocate-producer-ids.ts";
import { alterPartition } from "../wire/api/alter-partition.ts";
import { apiVersions } from "../wire/api/api-versions.ts";
import { beginQuorumEpoch } from "../wire/api/begin-quorum-epoch.ts";
import { brokerHeartbeat } from "../wire/api/broker-heartbeat.ts";
import { brokerRegistration } from "../wire/api/broker-registration.ts";
import { createPartitions } from "../wire/api/create-partitions.ts";
import { createTopics } from "../wire/api/create-topics.ts";
import { deleteTopics } from "../wire/api/delete-topics.ts";
import { electLeaders } from "../wire/api/elect-leaders.ts";
import { endQuorumEpoch } from "../wire/api/end-quorum-epoch.ts";
import { fetchSnapshot } from "../wire/api/fetch-snapshot.ts";
import { fetch } from "../wire/api/fetch.ts";
import { incrementalAlterConfigs } from "../wire/api/incremental-alter-configs.ts";
import { vote } from "../wire/api/vote.ts";
import type { ErrorName } from "../wire/errors.ts";
import { decodeRequestBody, readRequestHeader } from "../wire/frames.ts";
import {
  answer,
  type Caller,
  dropSession,
  encodeAnswer,
  pump,
  type Session,
} from "../wire/sessions.ts";
import type { Active, Decision } from "./active.ts";
import { activeOf, decide } from "./decisions.ts";
import { onAlterPartition, refuseAlterPartition } from "./metadata/alter-partition.ts";
import { onIncrementalAlterConfigs, refuseConfigs } from "./metadata/configs.ts";
import { onHeartbeat, refuseHeartbeat } from "./metadata/heartbeats.ts";
import { onElectLeaders, refuseElections } from "./metadata/operator-elections.ts";
import { onCreatePartitions, refusePartitions } from "./metadata/partition-growth.ts";
import { onAllocateProducerIds, refuseProducerIds } from "./metadata/producer-ids.ts";
import { onRegistration, refuseRegistration } from "./metadata/registration.ts";
import { onDeleteTopics, refuseDeletions } from "./metadata/topic-deletion.ts";
import { onCreateTopics, refuseTopics } from "./metadata/topics.ts";
import { onBeginQuorumEpoch, onEndQuorumEpoch } from "./quorum/announcing.ts";
import { onFetchSnapshot, onMetadataFetch } from "./quorum/fetching.ts";
import { onVote } from "./quorum/voting.ts";
import type { Controller } from "./state.ts";

/** Decides on a request, in the light of what is decided already. */
type Decide<A> = (
  self: Controller,
  active: Active,
  request: RequestOf<A>,
  turn: Turn,
) => Decision<ResponseInput<A>>;

/** What the active controller decides: how, and how it is refused as a whole. */
interface Deciding<A extends AnyApi> {
  readonly api: A;
  readonly decide: Decide<A>;
  readonly refuse: (error: ErrorName, request: RequestOf<A>) => ResponseInput<A>;
}

/** One row for each API that the active controller decides on. */
type Row = (self: Controller, caller: Caller, frame: Uint8Array, turn: Turn) => void;
const row = <A extends AnyApi>(deciding: Deciding<A>): readonly [AnyApi, Row] => [
  deciding.api,
  (self, caller, frame, turn) => decideOn(self, caller, deciding, frame, turn),
];

const decided: ReadonlyMap<AnyApi, Row> = new Map([
  row({
    api: createTopics,
    decide: onCreateTopics,
    refuse: refuseTopics,
  }),
  row({ api: createPartitions, decide: onCreatePartitions, refuse: refusePartitions }),
  row({
    api: incrementalAlterConfigs,
    decide: onIncrementalAlterConfigs,
    refuse: refuseConfigs,
  }),
  row({ api: deleteTopics, decide: onDeleteTopics, refuse: refuseDeletions }),
  row({ api: electLeaders, decide: onElectLeaders, refuse: refuseElections }),
  row({
    api: alterPartition,
    decide: onAlterPartition,
    refuse: refuseAlterPartition,
  }),
  row({ api: brokerRegistration, decide: onRegistration, refuse: refuseRegistration }),
  row({ api: brokerHeartbeat, decide: onHeartbeat, refuse: refuseHeartbeat }),
  row({
    api: allocateProducerIds,
    decide: onAllocateProducerIds,
    refuse: refuseProducerIds,
  }),
]);

const served: readonly AnyApi[] = [
  fetch,
  fetchSnapshot,
  apiVersions,
  vote,
  beginQuorumEpoch,
  endQuorumEpoch,
  ...decided.keys(),
];

/** Handles what has arrived on a connection. */
export function pumpRequests(self: Controller, session: Session, turn: Turn): void {
  const maxBytes = self.config.settings["socket.request.max.bytes"];
  pump(self, session, maxBytes, (frame) => handle(self, session, frame, turn), turn);
}

function handle(self: Controller, session: Session, frame: Uint8Array, turn: Turn): void {
  const header = readRequestHeader(frame);
  const { correlationId: correlation, apiVersion: version } = header;
  const { connection } = session;
  const caller: Caller = { connection, correlation, version, input: turn.input.id };
  const api = served.find(({ key }) => key === header.apiKey);
  if (api === undefined || version < api.minVersion || version > api.maxVersion) {
    return dropSession(self, session.connection, turn);
  }
  switch (api) {
    case fetch:
      return onMetadataFetch(self, caller, decodeRequestBody(fetch, version, frame), turn);
    case fetchSnapshot:
      return onFetchSnapshot(self, caller, decodeRequestBody(fetchSnapshot, version, frame), turn);
    case vote:
      return onVote(self, caller, decodeRequestBody(vote, version, frame), turn);
    case beginQuorumEpoch:
      return onBeginQuorumEpoch(
        self,
        caller,
        decodeRequestBody(beginQuorumEpoch, version, frame),
        turn,
      );
    case endQuorumEpoch:
      return onEndQuorumEpoch(
        self,
        caller,
        decodeRequestBody(endQuorumEpoch, version, frame),
        turn,
      );
    case apiVersions: {
      const apiKeys = served.map(({ key: apiKey, minVersion, maxVersion }) => ({
        apiKey,
        minVersion,
        maxVersion,
      }));
      return answer(self, caller, apiVersions, { errorCode: 0, apiKeys, throttleTimeMs: 0 }, turn);
    }
    default:
      return decided.get(api)?.(self, caller, frame, turn);
  }
}

/** Only the active controller decides, and its answer waits until what it says is committed. */
function decideOn<A extends AnyApi>(
  self: Controller,
  caller: Caller,
  { api, decide: decideRequest, refuse }: Deciding<A>,
  frame: Uint8Array,
  turn: Turn,
): void {
  const request = decodeRequestBody(api, caller.version, frame);
  const active = activeOf(self);
  if (active === undefined)
    return answer(self, caller, api, refuse("NOT_CONTROLLER", request), turn);
  const { records, body } = decideRequest(self, active, request, turn);
  if (records.length === 0 && active.waiting.length === 0)
    return answer(self, caller, api, body, turn);
  const held = {
    caller,
    api: api.key,
    frame: encodeAnswer(caller, api, body, turn),
    failed: encodeAnswer(caller, api, refuse("NOT_CONTROLLER", request), turn),
  };
  decide(self, active, records, held, turn);
}
