/*
 * What brokers answered: each answer goes to whoever asked; a connection that ends answers all that was asked on it
 * with nothing.
 */
import type { Turn } from "../foundation/turn.ts";
import type { AnyApi, ResponseOf } from "../wire/api.ts";
import { apiVersions } from "../wire/api/api-versions.ts";
import { fetch } from "../wire/api/fetch.ts";
import { initProducerId } from "../wire/api/init-producer-id.ts";
import { listOffsets } from "../wire/api/list-offsets.ts";
import { metadata } from "../wire/api/metadata.ts";
import { produce } from "../wire/api/produce.ts";
import { DecodeError } from "../wire/decode-error.ts";
import { errorCode } from "../wire/errors.ts";
import { nextFrame, pushBytes } from "../wire/frame-buffer.ts";
import { decodeResponse, readCorrelationId } from "../wire/frames.ts";
import { onAdminAnswer } from "./admin/admin.ts";
import { operationOf } from "./admin/operations.ts";
import { forgetPreferred, onFetched } from "./consumer/fetcher.ts";
import { onOffsets } from "./consumer/offsets.ts";
import { markStale, onMetadata } from "./network/cluster.ts";
import { drop, onOpened } from "./network/peers.ts";
import type { Peer, Pending, Purpose } from "./network/state.ts";
import { onProducerId } from "./producer/producer.ts";
import { onProduced } from "./producer/sender.ts";
import type { Client } from "./state.ts";

/** The largest answer that makes sense; Kafka's client has no limit. */
const maxFrame = 104_857_600;

/** Bytes came in. What makes no sense ends the connection. */
export function onBytes(self: Client, peer: Peer, bytes: Uint8Array, turn: Turn): void {
  peer.heard = turn.input.id;
  const { connection } = peer;
  pushBytes(peer.frames, bytes);
  try {
    while (peer.connection === connection) {
      const frame = nextFrame(peer.frames, maxFrame);
      if (frame === undefined) return;
      const [pending] = peer.pending;
      if (pending === undefined || readCorrelationId(frame) !== pending.correlation) {
        throw new DecodeError("correlationId", 0, "not the answer to the oldest question");
      }
      if (pending.purpose === undefined) {
        onHandshake(self, peer, pending, frame, turn);
        continue;
      }
      settle(self, pending.purpose, { peer, version: pending.version, frame }, turn);
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    lose(self, peer, true, turn);
  }
}

/** A broker that does not know our version of the question answers in version 0 what it knows (KIP-511). */
function onHandshake(
  self: Client,
  peer: Peer,
  pending: Pending,
  frame: Uint8Array,
  turn: Turn,
): void {
  const code = ((frame[4] ?? 0) << 8) | (frame[5] ?? 0);
  peer.pending.shift();
  if (pending.version > 0 && code === errorCode("UNSUPPORTED_VERSION")) {
    peer.oldHandshake = true;
    return onOpened(self, peer, turn);
  }
  const { body } = decodeResponse(apiVersions, pending.version, frame);
  if (body.errorCode !== 0)
    throw new DecodeError("errorCode", 4, `ApiVersions answered ${body.errorCode}`);
  peer.versions = new Map(
    body.apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, [minVersion, maxVersion]]),
  );
  peer.phase = "ready";
  peer.failures = 0;
}

/** The connection is gone, or is given up (`close`). */
export function lose(self: Client, peer: Peer, close: boolean, turn: Turn): void {
  const worked = peer.phase === "ready";
  const lost = drop(self, peer, close, turn);
  // Whoever led there may not lead any more.
  if (worked || peer.id >= 0) markStale(self, turn);
  if (self.role.type === "consumer") forgetPreferred(self.role, peer.id);
  for (const { purpose } of lost) {
    if (purpose !== undefined) settle(self, purpose, undefined, turn);
  }
}

/** An answer that is there. */
interface Answer {
  readonly peer: Peer;
  readonly version: number;
  readonly frame: Uint8Array;
}

/**
 * Decodes an answer, and forgets its question: in this order, so that bytes that make no sense leave the question open,
 * for the end of the connection to answer.
 */
function read<A extends AnyApi>(api: A, answer: Answer | undefined): ResponseOf<A> | undefined {
  if (answer === undefined) return undefined;
  const { body } = decodeResponse(api, answer.version, answer.frame);
  answer.peer.pending.shift();
  return body;
}

function settle(self: Client, purpose: Purpose, answer: Answer | undefined, turn: Turn): void {
  const { role, config } = self;
  switch (purpose.type) {
    case "metadata":
      return onMetadata(self, read(metadata, answer), turn);
    case "initProducerId": {
      const response = read(initProducerId, answer);
      if (role.type === "producer") onProducerId(self, role, response, turn);
      return;
    }
    case "produce": {
      const response = read(produce, answer);
      if (role.type === "producer") onProduced(self, role, purpose.batches, response, turn);
      return;
    }
    case "offsets": {
      const response = read(listOffsets, answer);
      if (role.type === "consumer") onOffsets(self, role, purpose.queries, response, turn);
      return;
    }
    case "fetch": {
      const response = read(fetch, answer);
      if (role.type !== "consumer" || config.role !== "consumer") return;
      return onFetched(self, role, config.settings, purpose.from, response, turn);
    }
    case "admin": {
      const response = read(operationOf(purpose.operation).api, answer);
      if (role.type === "admin") onAdminAnswer(self, role, purpose.call, response, turn);
      return;
    }
  }
}
