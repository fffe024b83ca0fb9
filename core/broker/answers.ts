/*
 * What others answered to this broker: each answer goes to whoever asked; a connection that ends answers all
 * that was asked on it with nothing.
 */
import type { Turn } from "../foundation/turn.ts";
import { allocateProducerIds } from "../wire/api/allocate-producer-ids.ts";
import { alterPartition } from "../wire/api/alter-partition.ts";
import { brokerHeartbeat } from "../wire/api/broker-heartbeat.ts";
import { brokerRegistration } from "../wire/api/broker-registration.ts";
import { fetchSnapshot } from "../wire/api/fetch-snapshot.ts";
import { fetch } from "../wire/api/fetch.ts";
import { listOffsets } from "../wire/api/list-offsets.ts";
import { type Answer, dropChannel, readAnswer, takeAnswers } from "../wire/channel.ts";
import { onIsrAnswered } from "./alter-partition.ts";
import type { Channel, Pending, Purpose } from "./purpose.ts";
import { controllerEndpoint } from "./controllers.ts";
import { onEdge, onFetched } from "./fetchers.ts";
import { forwardedApi, onForwardedAnswer } from "./handlers/forward.ts";
import { giveProducerIds, onProducerIdBlock } from "./handlers/init-producer-id.ts";
import { greetController, onHeartbeat, onRegistered } from "./lifecycle.ts";
import { onMetadataFetched, onSnapshotFetched } from "./metadata-follower.ts";
import { actOnMetadata } from "./replica-manager.ts";
import type { Broker } from "./state.ts";

/** Bytes came in on a connection that this broker opened. */
export function onAnswerBytes(self: Broker, channel: Channel, bytes: Uint8Array, turn: Turn): void {
  const maxBytes = self.config.settings["socket.request.max.bytes"];
  const sound = takeAnswers(channel, bytes, maxBytes, turn, (pending, answer) =>
    settle(self, pending, answer, turn),
  );
  if (!sound) loseChannel(self, channel, true, turn);
}

/** Everything that was asked on this connection will not be answered any more. */
export function loseChannel(self: Broker, channel: Channel, close: boolean, turn: Turn): void {
  for (const pending of dropChannel(self, channel, close, turn))
    settle(self, pending, undefined, turn);
}

/** Hands an answer to whoever asked; undefined: there is none. */
function settle(
  self: Broker,
  { purpose }: Pending,
  answer: Answer<Purpose> | undefined,
  turn: Turn,
): void {
  switch (purpose.type) {
    case "register":
      onRegistered(self, readAnswer(brokerRegistration, answer), turn);
      break;
    case "heartbeat":
      onHeartbeat(self, readAnswer(brokerHeartbeat, answer), turn);
      break;
    case "metadata":
      onMetadataFetched(self, purpose.epoch, readAnswer(fetch, answer), turn);
      break;
    case "snapshot":
      onSnapshotFetched(self, purpose.epoch, readAnswer(fetchSnapshot, answer), turn);
      break;
    case "alterPartition":
      onIsrAnswered(self, purpose.partitions, readAnswer(alterPartition, answer), turn);
      break;
    case "producerIds":
      onProducerIdBlock(self, readAnswer(allocateProducerIds, answer), turn);
      break;
    case "forwarded": {
      const api = forwardedApi(purpose.api);
      onForwardedAnswer(self, purpose.caller, api, readAnswer(api, answer), turn);
      break;
    }
    case "edge":
      onEdge(self, purpose.leader, purpose.question, readAnswer(listOffsets, answer), turn);
      break;
    case "fetch":
      onFetched(self, purpose.leader, readAnswer(fetch, answer), turn);
      break;
  }
  const isMetadata = purpose.type === "metadata" || purpose.type === "snapshot";
  if (isMetadata) followController(self, turn);
  if (isMetadata || purpose.type === "register") actOnMetadata(self, turn);
}

/** Another controller leads: what was asked of the one before it will not be answered, and is asked anew. */
function followController(self: Broker, turn: Turn): void {
  const { metadata, toController } = self;
  const endpoint = controllerEndpoint(self);
  if (metadata?.turned !== true || endpoint === undefined) return;
  metadata.turned = false;
  for (const channel of [toController.lifecycle, toController.requests]) {
    if (channel.endpoint.host === endpoint.host) continue;
    if (channel.connection !== undefined) loseChannel(self, channel, true, turn);
    channel.endpoint = endpoint;
  }
  greetController(self, turn);
  giveProducerIds(self, turn);
}
