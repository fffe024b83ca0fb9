/*
 * Connections to the other controllers (Kafka's RequestManager): one question at a time to each, and a moment's rest
 * after one that was not answered.
 */
import { type BrokerId, leaderEpoch, type Millis } from "../../foundation/ids.ts";
import type { Turn } from "../../foundation/turn.ts";
import type { AnyApi, RequestInput } from "../../wire/api.ts";
import { ask, dropChannel, newChannel } from "../../wire/channel.ts";
import type { Controller, Peer, QuorumPurpose } from "../state.ts";
import { endpointOf } from "./voters.ts";

/** The connection to another controller; undefined for one that is not known. */
export function peerOf(self: Controller, id: BrokerId): Peer | undefined {
  const known = self.peers.get(id);
  if (known !== undefined) return known;
  const endpoint = endpointOf(self, id);
  if (endpoint === undefined) return undefined;
  const peer: Peer = { id, channel: newChannel(`quorum-${id}`, endpoint), retryAt: undefined };
  self.peers.set(id, peer);
  return peer;
}

/**
 * Whether a question of this kind may be asked now. One that was asked in another epoch or role, whose answer is of no
 * use any more, is given up with its connection: else the new one would wait behind it at the other end.
 */
export function isFree(
  self: Controller,
  peer: Peer,
  type: QuorumPurpose["type"],
  turn: Turn,
): boolean {
  const out = peer.channel.pending[0]?.purpose;
  if (out !== undefined) {
    if (out.type === type && out.epoch === self.quorum.epoch) return false;
    dropChannel(self, peer.channel, true, turn);
  }
  if (peer.retryAt !== undefined && peer.retryAt > turn.now.monotonic) return false;
  peer.retryAt = undefined;
  return true;
}

/** Asks another controller something, under the epoch of this moment. */
export function askPeer<A extends AnyApi>(
  self: Controller,
  peer: Peer,
  api: A,
  body: RequestInput<A>,
  type: QuorumPurpose["type"],
  turn: Turn,
): void {
  const purpose = { type, epoch: leaderEpoch(self.quorum.epoch) };
  const timeout = self.config.settings["controller.quorum.request.timeout.ms"];
  ask(self, peer.channel, api, body, purpose, timeout, turn);
}

/** It did not answer, or refused: it is left alone for a moment. */
export function restPeer(self: Controller, peer: Peer, turn: Turn): void {
  const backoff = self.config.settings["controller.quorum.retry.backoff.ms"];
  peer.retryAt = (turn.now.monotonic + backoff) as Millis;
}
