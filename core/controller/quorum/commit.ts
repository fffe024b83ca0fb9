/*
 * The high watermark of the metadata log (LeaderState.maybeUpdateHighWatermark) and what follows from it: committed
 * records are replayed, told to the trace by the leader, and answered.
 */
import { must } from "../../foundation/assert.ts";
import { type Offset, offset } from "../../foundation/ids.ts";
import { type Because, note, type Turn } from "../../foundation/turn.ts";
import { decodeRecords } from "../../wire/batch.ts";
import { decodeMetadataRecord, type MetadataRecord } from "../../wire/metadata-records.ts";
import { activeOf, answerCommitted, decisionEndingAt } from "../decisions.ts";
import { replay } from "../metadata/replay.ts";
import type { Controller } from "../state.ts";
import { activate } from "./activation.ts";
import { applyUpToCommitted } from "./applying.ts";
import { eventsOf, partitionBefore } from "./events.ts";
import { appendFlushed, logOf } from "./log.ts";
import type { Leading } from "./state.ts";
import { isVoter } from "./voters.ts";

/** Writes what was decided since the last time, flushes it once, and counts it. */
export function writeDecisions(self: Controller, role: Leading, turn: Turn): void {
  const { active } = role;
  if (active === undefined || active.unwritten.length === 0) return;
  for (const batch of active.unwritten.splice(0)) appendFlushed(logOf(self), batch, "leader", turn);
  raiseCommitted(self, role, turn);
}

/**
 * Commits what a majority of voters has. The first thing to be committed in an epoch is its own LeaderChange record:
 * before that it is not known whether records of earlier epochs will last.
 */
export function raiseCommitted(self: Controller, role: Leading, turn: Turn): void {
  const ends = [...role.remotes.values()].map(({ end }) => end);
  if (isVoter(self)) ends.push(logOf(self).end);
  ends.sort((a, b) => b - a);
  const held = must(ends[Math.floor(self.config.voters.length / 2)], "the voters' median");
  if (held <= role.start || held <= self.committed) return;
  self.committed = held;
  note(turn, { type: "metadataCommitted", next: held });
  applyCommitted(self, turn);
  activate(self, role, turn);
  if (role.active !== undefined) answerCommitted(self, role.active, turn);
}

/** Replays what is committed and on this disk. */
export function applyCommitted(self: Controller, turn: Turn): void {
  const { image, config } = self;
  const { voters, settings } = config;
  const replayBatch = (batch: Uint8Array): void => applyBatch(self, batch, turn);
  applyUpToCommitted(self, { log: logOf(self), image, voters, settings, replayBatch }, turn);
}

function applyBatch(self: Controller, batch: Uint8Array, turn: Turn): void {
  const records: (readonly [MetadataRecord, Offset])[] = [];
  for (const { offset: at, value } of decodeRecords(batch)) {
    if (value !== null) records.push([decodeMetadataRecord(value), offset(at)]);
  }
  const tells = self.quorum.role.type === "leader";
  const together = records.map(([record]) => record);
  const because = tells ? becauseOf(self, turn) : undefined;
  for (const [record, at] of records) {
    const before = partitionBefore(self.image, record);
    replay(self.image, record);
    if (!tells) continue;
    for (const event of eventsOf(self.image, record, before, together, at)) {
      note(turn, event, because);
    }
  }
}

/** What the batch in hand was decided for. */
function becauseOf(self: Controller, turn: Turn): Because | undefined {
  const active = activeOf(self);
  const decision = active === undefined ? undefined : decisionEndingAt(active, self.applied);
  if (decision === undefined) return undefined;
  const { input, silences } = decision;
  return {
    ...(input === turn.input.id ? {} : { causes: [input] }),
    ...(silences === undefined ? {} : { silences }),
  };
}
