/*
 * What the controller decides for clients: this broker carries question and answer. (Kafka wraps them in an Envelope,
 * KIP-590; here the question goes as it is, in the highest version.)
 */
import { askedTopics } from "../../controller/metadata/topic-deletion.ts";
import { must } from "../../foundation/assert.ts";
import type { Turn } from "../../foundation/turn.ts";
import type { AnyApi, RequestInput, RequestOf, ResponseInput, ResponseOf } from "../../wire/api.ts";
import { createPartitions } from "../../wire/api/create-partitions.ts";
import { createTopics } from "../../wire/api/create-topics.ts";
import { deleteTopics } from "../../wire/api/delete-topics.ts";
import { electLeaders } from "../../wire/api/elect-leaders.ts";
import { incrementalAlterConfigs } from "../../wire/api/incremental-alter-configs.ts";
import { ask } from "../../wire/channel.ts";
import { errorCode } from "../../wire/errors.ts";
import { decodeRequestBody } from "../../wire/frames.ts";
import { answer, type Caller, dropSession } from "../../wire/sessions.ts";
import { knowsController } from "../controllers.ts";
import type { Broker } from "../state.ts";

interface Coded {
  readonly errorCode: number;
}

/** One API: how its question goes on, and where its answer has errors. */
interface Forwarding<A extends AnyApi> {
  readonly api: A;
  readonly question?: (asked: RequestOf<A>) => RequestInput<A>;
  readonly mend: (
    response: ResponseOf<A>,
    mend: <T extends Coded>(one: T) => T,
  ) => ResponseInput<A>;
}

/** One row; its functions are only given messages of their own API. */
const row = <A extends AnyApi>(
  forwarding: Forwarding<A>,
): readonly [number, Forwarding<AnyApi>] => [forwarding.api.key, forwarding];

const forwardings: ReadonlyMap<number, Forwarding<AnyApi>> = new Map([
  row({
    api: createTopics,
    mend: (response, mend) => ({ ...response, topics: response.topics.map(mend) }),
  }),
  row({
    api: createPartitions,
    mend: (response, mend) => ({ ...response, results: response.results.map(mend) }),
  }),
  row({
    api: deleteTopics,
    question: (asked) => ({ topics: askedTopics(asked), timeoutMs: asked.timeoutMs }),
    mend: (response, mend) => ({ ...response, responses: response.responses.map(mend) }),
  }),
  row({
    api: incrementalAlterConfigs,
    mend: (response, mend) => ({ ...response, responses: response.responses.map(mend) }),
  }),
  row({ api: electLeaders, mend: (response, mend) => mend(response) }),
]);

/** The APIs that the controller decides on. */
export const forwarded: readonly AnyApi[] = [...forwardings.values()].map(({ api }) => api);

/** The API of a question that was carried on. */
export const forwardedApi = (key: number): AnyApi => forwardingOf(key).api;

const forwardingOf = (key: number): Forwarding<AnyApi> =>
  must(forwardings.get(key), "only what is forwarded is asked of the controller");

/** Asks the controller what a client asked. */
export function onForwarded(
  self: Broker,
  caller: Caller,
  api: AnyApi,
  frame: Uint8Array,
  turn: Turn,
): void {
  const asked = decodeRequestBody(api, caller.version, frame);
  if (!knowsController(self)) return dropSession(self, caller.connection, turn);
  const timeout = self.config.settings["controller.quorum.request.timeout.ms"];
  const purpose = { type: "forwarded", api: api.key, caller } as const;
  const { question } = forwardingOf(api.key);
  const body = question === undefined ? asked : question(asked);
  ask(self, self.toController.requests, api, body, purpose, timeout, turn);
}

/** The controller's answer goes back; without one the caller's connection ends, so that it asks again. */
export function onForwardedAnswer(
  self: Broker,
  caller: Caller,
  api: AnyApi,
  response: unknown,
  turn: Turn,
): void {
  if (response === undefined) return dropSession(self, caller.connection, turn);
  answer(self, caller, api, forwardingOf(api.key).mend(response, mendOne), turn);
}

/** The caller asked a broker, not a controller: which of those leads is not its concern. */
const mendOne = <T extends Coded>(one: T): T =>
  one.errorCode === errorCode("NOT_CONTROLLER")
    ? { ...one, errorCode: errorCode("REQUEST_TIMED_OUT") }
    : one;
