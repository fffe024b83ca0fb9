/*
 * A controller as plain data, and the step that moves it (Kafka's QuorumController): it decides by returning records;
 * only replaying them changes what it knows.
 */
import { leaderEpoch, offset } from "../foundation/ids.ts";
import type { Effect, Input, Now, Ports } from "../foundation/process.ts";
import type { Turn } from "../foundation/turn.ts";
import { pushBytes } from "../wire/frame-buffer.ts";
import { openSession } from "../wire/sessions.ts";
import { onSessionTimer, sessionTimer } from "./metadata/heartbeats.ts";
import { emptyImage } from "./metadata/image.ts";
import { answerParked, fetchTimer, onFetchTimer } from "./quorum/fetching.ts";
import { startController, stopController } from "./quorum/leading.ts";
import { pumpRequests } from "./requests.ts";
import type { Controller, ControllerConfig } from "./state.ts";

/** A controller that has not started yet. */
export const newController = (config: ControllerConfig): Controller => ({
  config,
  epoch: leaderEpoch(-1),
  log: undefined,
  committed: offset(0),
  image: emptyImage(),
  heartbeats: new Map(),
  sessions: new Map(),
  ready: [],
  parked: [],
  sessionTimer: undefined,
  fetchTimer: undefined,
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
      if (input.timer === sessionTimer) onSessionTimer(self, turn);
      else if (input.timer === fetchTimer) onFetchTimer(self, turn);
      return;
    case "opened":
      return openSession(self, input.connection, input.remote);
    case "closed":
      self.sessions.delete(input.connection);
      return;
    case "received": {
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

/** What was committed goes to those who wait for it; connections that were answered may go on. */
function settle(self: Controller, turn: Turn): void {
  if (self.log === undefined) return;
  answerParked(self, turn);
  while (self.ready.length > 0) {
    for (const connection of self.ready.splice(0)) {
      const session = self.sessions.get(connection);
      if (session !== undefined) pumpRequests(self, session, turn);
    }
    answerParked(self, turn);
  }
}

export type { Controller, ControllerConfig };
