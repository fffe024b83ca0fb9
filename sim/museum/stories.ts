/*
 * One story for each flaw: a scenario that the search found and reduced. The flaw is off in it, and it holds; with the
 * flaw on it breaks what its row names, for the row's own reason.
 */
import type { FlawId } from "#core";
import { parseScenario } from "../scenario/parse.ts";
import type { Scenario } from "../scenario/schema.ts";
import acksOne from "./stories/acks-1.json" with { type: "json" };
import anyFirstSequence from "./stories/any-first-sequence.json" with { type: "json" };
import disruptiveVoter from "./stories/disruptive-voter.json" with { type: "json" };
import divergenceCounted from "./stories/divergence-counted.json" with { type: "json" };
import eagerIsr from "./stories/eager-isr.json" with { type: "json" };
import hwTruncate from "./stories/hw-truncate.json" with { type: "json" };
import joinAtHw from "./stories/join-at-hw.json" with { type: "json" };
import lastKnownLeader from "./stories/last-known-leader.json" with { type: "json" };
import lastStanding from "./stories/last-standing.json" with { type: "json" };
import minIsrOne from "./stories/m-1.json" with { type: "json" };
import noBrokerEpoch from "./stories/no-broker-epoch.json" with { type: "json" };
import noClientEpoch from "./stories/no-client-epoch.json" with { type: "json" };
import noFsync from "./stories/no-fsync.json" with { type: "json" };
import notIdempotent from "./stories/not-idempotent.json" with { type: "json" };
import offsetOnlyAnswer from "./stories/offset-only-answer.json" with { type: "json" };
import offsetsGoBack from "./stories/offsets-go-back.json" with { type: "json" };
import skippedEpoch from "./stories/skipped-epoch.json" with { type: "json" };
import staleJoin from "./stories/stale-join.json" with { type: "json" };
import unclean from "./stories/unclean.json" with { type: "json" };
import wipedVoter from "./stories/wiped-voter.json" with { type: "json" };

const stories: ReadonlyMap<FlawId, unknown> = new Map<FlawId, unknown>([
  ["hw-truncate", hwTruncate],
  ["offset-only-answer", offsetOnlyAnswer],
  ["no-client-epoch", noClientEpoch],
  ["unclean", unclean],
  ["acks-1", acksOne],
  ["m-1", minIsrOne],
  ["last-standing", lastStanding],
  ["no-fsync", noFsync],
  ["last-known-leader", lastKnownLeader],
  ["stale-join", staleJoin],
  ["no-broker-epoch", noBrokerEpoch],
  ["eager-isr", eagerIsr],
  ["join-at-hw", joinAtHw],
  ["divergence-counted", divergenceCounted],
  ["offsets-go-back", offsetsGoBack],
  ["not-idempotent", notIdempotent],
  ["any-first-sequence", anyFirstSequence],
  ["disruptive-voter", disruptiveVoter],
  ["wiped-voter", wipedVoter],
  ["skipped-epoch", skippedEpoch],
]);

/** The stored story of a flaw; undefined: there is none. */
export function storyOf(id: FlawId): Scenario | undefined {
  const story = stories.get(id);
  return story === undefined ? undefined : parseScenario(story);
}
