/*
 * What others answered to this broker: each answer goes to whoever asked; a connection that ends answers all
 * that was asked on it with nothing.
 */
import type { Turn } from "../foundation/turn.ts";
import type { AnyApi, ResponseOf } from "../wire/api.ts";
import { allocateProducerIds } from "../wire/api/allocate-producer-ids.ts";
import { alterPartition } from "../wire/api/alter-partition.ts";
import { brokerHeartbeat } from "../wire/api/broker-heartbeat.ts";
import { brokerRegistration } from "../wire/api/broker-registration.ts";
import { createTopics } from "../wire/api/create-topics.ts";
import { fetch } from "../wire/api/fetch.ts";
import { DecodeError } from "../wire/decode-error.ts";
import { nextFrame, pushBytes } from "../wire/frame-buffer.ts";
import { decodeResponse, readCorrelationId } from "../wire/frames.ts";
import { onIsrAnswered } from "./alter-partition.ts";
import { type Channel, dropChannel, type Pending } from "./channel.ts";
import { onFetched } from "./fetchers.ts";
import { onTopicsCreated } from "./handlers/create-topics.ts";
import { onProducerIdBlock } from "./handlers/init-producer-id.ts";
import { onHeartbeat, onRegistered } from "./lifecycle.ts";
import { onMetadataFetched } from "./metadata-follower.ts";
import { actOnMetadata } from "./replica-manager.ts";
import type { Broker } from "./state.ts";

/** Bytes came in on a connection that this broker opened. */
export function onAnswerBytes(self: Broker, channel: Channel, bytes: Uint8Array, turn: Turn): void {
  channel.heard = turn.input.id;
  const { connection } = channel;
  pushBytes(channel.frames, bytes);
  try {
    for (;;) {
      // A handled answer may have closed this very connection.
      if (channel.connection !== connection) return;
      const frame = nextFrame(channel.frames, self.config.settings["socket.request.max.bytes"]);
      if (frame === undefined) return;
      const pending = channel.pending[0];
      if (pending === undefined || readCorrelationId(frame) !== pending.correlation) {
        throw new DecodeError("correlationId", 0, "an answer to the oldest question");
      }
      settle(self, pending, { channel, version: pending.version, frame }, turn);
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    loseChannel(self, channel, true, turn);
  }
}

/** Everything that was asked on this connection will not be answered any more. */
export function loseChannel(self: Broker, channel: Channel, close: boolean, turn: Turn): void {
  for (const pending of dropChannel(self, channel, close, turn))
    settle(self, pending, undefined, turn);
}

/** An answer that is there. */
interface Answer {
  readonly channel: Channel;
  readonly version: number;
  readonly frame: Uint8Array;
}

/**
 * Decodes an answer, and forgets its question: in this order, so that bytes which make no sense leave the question
 * unanswered.
 */
function read<A extends AnyApi>(api: A, answer: Answer | undefined): ResponseOf<A> | undefined {
  if (answer === undefined) return undefined;
  const { body } = decodeResponse(api, answer.version, answer.frame);
  answer.channel.pending.shift();
  return body;
}

/** Hands an answer to whoever asked; undefined: there is none. */
function settle(self: Broker, { purpose }: Pending, answer: Answer | undefined, turn: Turn): void {
  switch (purpose.type) {
    case "register":
      onRegistered(self, read(brokerRegistration, answer), turn);
      break;
    case "heartbeat":
      onHeartbeat(self, read(brokerHeartbeat, answer), turn);
      break;
    case "metadata":
      onMetadataFetched(self, read(fetch, answer), turn);
      break;
    case "alterPartition":
      onIsrAnswered(self, purpose.partitions, read(alterPartition, answer), turn);
      break;
    case "producerIds":
      onProducerIdBlock(self, read(allocateProducerIds, answer), turn);
      break;
    case "createTopics":
      onTopicsCreated(self, purpose.caller, read(createTopics, answer), turn);
      break;
    case "fetch":
      onFetched(self, purpose.leader, purpose.asked, read(fetch, answer), turn);
      break;
  }
  if (purpose.type === "metadata" || purpose.type === "register") actOnMetadata(self, turn);
}
