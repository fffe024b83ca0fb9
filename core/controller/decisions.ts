/*
 * What the active controller decides, from the decision to the answer (Kafka's QuorumController.appendWriteEvent and
 * its deferred event queue): records enter the overlay at once and the log after the linger time; the answer leaves
 * when the log is committed that far, or says that this controller is not the one any more.
 */
import { offset } from "../foundation/ids.ts";
import type { Because, Turn } from "../foundation/turn.ts";
import { encodeBatch } from "../wire/batch.ts";
import { encodeMetadataRecord, type MetadataRecord } from "../wire/metadata-records.ts";
import { sendAnswer } from "../wire/sessions.ts";
import type { Active, HeldAnswer, Uncommitted } from "./active.ts";
import { replay } from "./metadata/replay.ts";
import type { Leading } from "./quorum/state.ts";
import type { Controller } from "./state.ts";
import { armTimer } from "./timers.ts";

/** The active controller's own state; undefined while this controller is not the active one. */
export const activeOf = (self: Controller): Active | undefined =>
  self.quorum.role.type === "leader" ? self.quorum.role.active : undefined;

/** Decides: the records become one batch of the log, committed whole or not at all. */
export function decide(
  self: Controller,
  active: Active,
  records: readonly MetadataRecord[],
  answer: HeldAnswer | undefined,
  turn: Turn,
  because?: Because,
): void {
  if (records.length > 0) {
    active.unwritten.push(batchOf(self, active, records, turn));
    for (const record of records) replay(active.image, record);
    active.next = offset(active.next + records.length);
    const linger = self.config.settings["controller.quorum.append.linger.ms"];
    if (linger > 0) armTimer(self, "append", turn.now.monotonic + linger, turn);
  } else if (answer === undefined) return;
  active.waiting.push({
    end: active.next,
    changes: records.length > 0,
    input: turn.input.id,
    silences: because?.silences,
    answer,
  });
}

function batchOf(
  self: Controller,
  active: Active,
  records: readonly MetadataRecord[],
  turn: Turn,
): Uint8Array {
  return encodeBatch(
    {
      baseOffset: active.next,
      leaderEpoch: self.quorum.epoch,
      producerId: -1,
      producerEpoch: -1,
      baseSequence: -1,
      attributes: 0,
      records: records.map((record) => ({
        timestamp: turn.now.wall,
        key: null,
        value: encodeMetadataRecord(record),
      })),
    },
    turn.ports.bytes,
  );
}

/** Answers all whose decision is committed now. */
export function answerCommitted(self: Controller, active: Active, turn: Turn): void {
  const open = active.waiting.findIndex(({ end }) => end > self.applied);
  for (const done of active.waiting.splice(0, open === -1 ? active.waiting.length : open)) {
    const { answer } = done;
    if (answer !== undefined) sendAnswer(self, answer.caller, answer.api, answer.frame, turn);
  }
}

/** The decision whose records end at `end`: what brought them about. */
export const decisionEndingAt = (active: Active, end: number): Uncommitted | undefined =>
  active.waiting.find((one) => one.changes && one.end === end);

/** This controller leads no more: what it decided and did not see committed it cannot vouch for. */
export function endActive(self: Controller, { active }: Leading, turn: Turn): void {
  for (const { answer } of active?.waiting ?? []) {
    if (answer !== undefined) sendAnswer(self, answer.caller, answer.api, answer.failed, turn);
  }
}
