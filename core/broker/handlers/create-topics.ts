import type { Turn } from "../../foundation/turn.ts";
import type { Caller } from "../../wire/sessions.ts";
import {
  createTopics,
  type CreateTopicsRequest,
  type CreateTopicsResponse,
} from "../../wire/api/create-topics.ts";
import { errorCode } from "../../wire/errors.ts";
import { ask } from "../../wire/channel.ts";
import { answer, dropSession } from "../../wire/sessions.ts";
import { knowsController } from "../controllers.ts";
import type { Broker } from "../state.ts";

/** CreateTopics: the controller decides, this broker carries question and answer (Kafka wraps it, KIP-590). */
export function onCreateTopics(
  self: Broker,
  caller: Caller,
  request: CreateTopicsRequest,
  turn: Turn,
): void {
  if (!knowsController(self)) return dropSession(self, caller.connection, turn);
  const timeout = self.config.settings["controller.quorum.request.timeout.ms"];
  const purpose = { type: "createTopics", caller } as const;
  ask(self, self.toController.requests, createTopics, request, purpose, timeout, turn);
}

/** The controller's answer goes back; without one the caller's connection ends, so that it asks again. */
export function onTopicsCreated(
  self: Broker,
  caller: Caller,
  response: CreateTopicsResponse | undefined,
  turn: Turn,
): void {
  if (response === undefined) return dropSession(self, caller.connection, turn);
  const topics = response.topics.map((topic) =>
    // The caller asked a broker, not a controller: which of those leads is not its concern.
    topic.errorCode === errorCode("NOT_CONTROLLER")
      ? { ...topic, errorCode: errorCode("REQUEST_TIMED_OUT") }
      : topic,
  );
  answer(self, caller, createTopics, { ...response, topics }, turn);
}
