/*
 * Which controller this broker talks to (Kafka's RaftControllerNodeProvider and NodeToControllerChannelManager): the
 * leader of the latest epoch that anybody told it of; while it knows none, it asks one after the other.
 */
import { type BrokerId, brokerId, type Endpoint, type LeaderEpoch } from "../foundation/ids.ts";
import type { Turn } from "../foundation/turn.ts";
import { dropChannel } from "../wire/channel.ts";
import type { Channel } from "./purpose.ts";
import type { Broker, MetadataFollower } from "./state.ts";

const nobody = brokerId(-1);

/** Where the leader listens; undefined while it is not known. */
export function controllerEndpoint(self: Broker): Endpoint | undefined {
  const leader = self.metadata?.leader;
  return self.config.controllers.find(({ id }) => id === leader)?.endpoint;
}

/** Whether there is somebody to ask for decisions. */
export const knowsController = (self: Broker): boolean => controllerEndpoint(self) !== undefined;

/**
 * Somebody says who leads an epoch. Returns whether this broker turns to another controller: its fetches of metadata
 * now, its other questions when the input in hand is dealt with (`followController`).
 */
export function hearOfController(
  self: Broker,
  metadata: MetadataFollower,
  leader: BrokerId,
  epoch: LeaderEpoch,
  turn: Turn,
): boolean {
  if (epoch < metadata.epoch) return false;
  const isKnown = self.config.controllers.some(({ id }) => id === leader);
  if (epoch === metadata.epoch && (!isKnown || leader === metadata.leader)) return false;
  metadata.epoch = epoch;
  metadata.leader = isKnown ? leader : nobody;
  metadata.turned = true;
  const endpoint = controllerEndpoint(self);
  if (endpoint !== undefined) pointTo(self, self.toController.metadata, endpoint, turn);
  return true;
}

/** Its one question was just settled, so that nothing is lost with a connection that leads elsewhere. */
function pointTo(self: Broker, channel: Channel, endpoint: Endpoint, turn: Turn): void {
  if (endpoint.host === channel.endpoint.host) return;
  dropChannel(self, channel, true, turn);
  channel.endpoint = endpoint;
}

/**
 * Whoever was asked for metadata did not answer, or does not lead: `named` is asked next, or if that is the same, or
 * nobody, the next in turn. Questions of other kinds stay with the leader of the latest known epoch.
 */
export function askElsewhere(self: Broker, named: BrokerId, turn: Turn): void {
  const { controllers } = self.config;
  const { metadata: channel } = self.toController;
  const leader = controllers.find(({ id }) => id === named);
  const isAnother = leader !== undefined && leader.endpoint.host !== channel.endpoint.host;
  if (!isAnother) self.controller = (self.controller + 1) % controllers.length;
  const next = isAnother ? leader : controllers[self.controller];
  if (next !== undefined) pointTo(self, channel, next.endpoint, turn);
}
