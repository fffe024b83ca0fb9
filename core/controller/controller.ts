/*
 * A controller as plain data, and the step that moves it: a member of the metadata quorum (Kafka's KafkaRaftClient) and,
 * while it leads, the one that decides (QuorumController). It decides by returning records; only replaying them changes
 * what it knows.
 */
import { type ConnectionId, offset, zeroUuid } from "../foundation/ids.ts";
import type { Effect, Input, Now, Ports } from "../foundation/process.ts";
import type { Turn } from "../foundation/turn.ts";
import { channelOpened } from "../wire/channel.ts";
import { pushBytes } from "../wire/frame-buffer.ts";
import { openSession } from "../wire/sessions.ts";
import { losePeer, onAnswerBytes, onPeerTimer, peerOn } from "./answers.ts";
import { onBalanceTimer } from "./metadata/balancing.ts";
import { onSessionTimer } from "./metadata/heartbeats.ts";
import { emptyImage } from "./metadata/image.ts";
import { writeDecisions } from "./quorum/commit.ts";
import { answerParked, onFetchTimer } from "./quorum/parked.ts";
import { poll } from "./quorum/poll.ts";
import { noSnapshots } from "./quorum/snapshots.ts";
import { pumpRequests } from "./requests.ts";
import { endIfStopped, newQuorum, startController, stopController } from "./start.ts";
import type { Controller, ControllerConfig, ControllerTimer } from "./state.ts";

/** A controller that has not started yet. */
export const newController = (config: ControllerConfig): Controller => ({
  config,
  directory: zeroUuid,
  quorum: newQuorum(),
  log: undefined,
  committed: offset(0),
  applied: offset(0),
  image: emptyImage(),
  snapshots: noSnapshots(),
  nextConnection: 0 as ConnectionId,
  channels: new Map(),
  peers: new Map(),
  sessions: new Map(),
  ready: [],
  parked: [],
  timers: new Map(),
  stopBy: undefined,
});

/** Handles one input: moves the state and pushes what is to be done. */
export function stepController(
  self: Controller,
  now: Now,
  input: Input,
  ports: Ports,
  outbox: Effect[],
): void {
  const turn: Turn = { now, input, ports, outbox };
  take(self, turn);
  settle(self, turn);
}

function take(self: Controller, turn: Turn): void {
  const { input } = turn;
  switch (input.type) {
    case "started":
      return startController(self, turn);
    case "timer":
      return onTimer(self, input.timer, turn);
    case "opened": {
      const peer = peerOn(self, input.connection);
      if (peer !== undefined) channelOpened(peer.channel, turn);
      else openSession(self, input.connection, input.remote);
      return;
    }
    case "closed": {
      const peer = peerOn(self, input.connection);
      if (peer !== undefined) losePeer(self, peer, false, turn);
      else self.sessions.delete(input.connection);
      return;
    }
    case "received": {
      const peer = peerOn(self, input.connection);
      if (peer !== undefined) return onAnswerBytes(self, peer, input.bytes, turn);
      const session = self.sessions.get(input.connection);
      if (session === undefined) return;
      pushBytes(session.frames, input.bytes);
      return pumpRequests(self, session, turn);
    }
    case "filled":
    case "drained": {
      const session = self.sessions.get(input.connection);
      if (session === undefined) return;
      session.full = input.type === "filled";
      return pumpRequests(self, session, turn);
    }
    case "stop":
      return stopController(self, turn);
    case "call":
      // Applications call clients; a controller has nothing to answer them with.
      return;
  }
}

function onTimer(self: Controller, timer: string, turn: Turn): void {
  if (onPeerTimer(self, timer, turn)) return;
  self.timers.delete(timer as ControllerTimer);
  if (timer === "sessions") onSessionTimer(self, turn);
  else if (timer === "balance") onBalanceTimer(self, turn);
  else if (timer === "fetches") onFetchTimer(self, turn);
  else if (timer === "append" && self.quorum.role.type === "leader")
    writeDecisions(self, self.quorum.role, turn);
}

/** What this input allowed to be done is done, until nothing new comes of it. */
function settle(self: Controller, turn: Turn): void {
  do {
    for (const connection of self.ready.splice(0)) {
      const session = self.sessions.get(connection);
      if (session !== undefined) pumpRequests(self, session, turn);
    }
    poll(self, turn);
    const { role } = self.quorum;
    if (role.type === "leader" && self.config.settings["controller.quorum.append.linger.ms"] === 0)
      writeDecisions(self, role, turn);
    answerParked(self, turn);
  } while (self.ready.length > 0);
  endIfStopped(self, turn);
}

export type { Controller, ControllerConfig };
