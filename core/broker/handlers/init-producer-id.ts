import type { Turn } from "../../foundation/turn.ts";
import type { Caller } from "../../wire/sessions.ts";
import {
  allocateProducerIds,
  type AllocateProducerIdsResponse,
} from "../../wire/api/allocate-producer-ids.ts";
import { initProducerId, type InitProducerIdRequest } from "../../wire/api/init-producer-id.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import { ask } from "../../wire/channel.ts";
import { answer } from "../../wire/sessions.ts";
import { knowsController } from "../controllers.ts";
import type { Broker } from "../state.ts";

/** InitProducerId without a transactional id: a fresh id from the block that the controller gave (KIP-730). */
export function onInitProducerId(
  self: Broker,
  caller: Caller,
  request: InitProducerIdRequest,
  turn: Turn,
): void {
  if (request.transactionalId !== null) {
    // Transactions are not served yet; a coordinator that never comes would keep the client waiting.
    giveProducerId(self, caller, -1, "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", turn);
    return;
  }
  self.producerIds.waiting.push(caller);
  giveProducerIds(self, turn);
}

/** Serves those who wait while the block lasts, then asks the controller, once it is known, for another. */
export function giveProducerIds(self: Broker, turn: Turn): void {
  const ids = self.producerIds;
  while (ids.waiting.length > 0 && ids.next < ids.end) {
    const caller = ids.waiting.shift();
    if (caller !== undefined) giveProducerId(self, caller, ids.next++, "NONE", turn);
  }
  if (ids.waiting.length === 0 || ids.asking || !knowsController(self)) return;
  ids.asking = true;
  const { nodeId, settings } = self.config;
  const body = { brokerId: nodeId, brokerEpoch: self.lifecycle.epoch };
  const timeout = settings["controller.quorum.request.timeout.ms"];
  ask(
    self,
    self.toController.requests,
    allocateProducerIds,
    body,
    { type: "producerIds" },
    timeout,
    turn,
  );
}

function giveProducerId(
  self: Broker,
  caller: Caller,
  producerId: number,
  error: ErrorName,
  turn: Turn,
): void {
  const producerEpoch = error === "NONE" ? 0 : -1;
  const body = { throttleTimeMs: 0, errorCode: errorCode(error), producerId, producerEpoch };
  answer(self, caller, initProducerId, body, turn);
}

/** The controller gave a block, or none (undefined: nothing was heard): then those who wait must ask again. */
export function onProducerIdBlock(
  self: Broker,
  block: AllocateProducerIdsResponse | undefined,
  turn: Turn,
): void {
  const ids = self.producerIds;
  ids.asking = false;
  if (block === undefined || block.errorCode !== 0 || block.producerIdLen < 1) {
    for (const caller of ids.waiting.splice(0)) {
      giveProducerId(self, caller, -1, "COORDINATOR_LOAD_IN_PROGRESS", turn);
    }
    return;
  }
  ids.next = block.producerIdStart;
  ids.end = block.producerIdStart + block.producerIdLen;
  giveProducerIds(self, turn);
}
