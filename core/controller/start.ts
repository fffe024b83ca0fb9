/*
 * A controller's start and end. It begins in the role in which its last life ended, save that a leader of that life has
 * resigned (QuorumState.initialize).
 */
import { brokerId, leaderEpoch, type Millis } from "../foundation/ids.ts";
import type { Turn } from "../foundation/turn.ts";
import { drawUuid } from "../foundation/uuid.ts";
import { closeLog, lastEpoch } from "../log/log.ts";
import { readMetaProperties, writeMetaProperties } from "../log/meta-properties.ts";
import { successors } from "./quorum/announcing.ts";
import { logOf, openMetadataLog } from "./quorum/log.ts";
import { electionAt, enter, fetchBy, resign } from "./quorum/roles.ts";
import { loadSnapshot } from "./quorum/replica.ts";
import { openSnapshots } from "./quorum/snapshots.ts";
import type { Quorum, Role } from "./quorum/state.ts";
import { readQuorumState } from "./quorum/store.ts";
import { isVoter, otherVoters } from "./quorum/voters.ts";
import type { Controller } from "./state.ts";

/** Before the disk was read. */
export const newQuorum = (): Quorum => ({
  epoch: leaderEpoch(0),
  leader: brokerId(-1),
  voted: undefined,
  role: { type: "unattached", electionAt: undefined },
});

/** Opens what the disk holds, and takes up a role. */
export function startController(self: Controller, turn: Turn): void {
  const { files } = turn.ports;
  const { clusterId, nodeId, directory } = self.config;
  // Connections of an earlier life must not meet new ones: inputs are numbered across lives.
  self.nextConnection = (turn.input.id * 2) as typeof self.nextConnection;
  const known = readMetaProperties(files);
  self.directory = known?.directoryId ?? directory ?? drawUuid(turn);
  if (known === undefined)
    writeMetaProperties(files, { clusterId, nodeId, directoryId: self.directory });
  openMetadataLog(self, turn);
  self.snapshots = openSnapshots(turn);
  const loaded = loadSnapshot(self.snapshots, logOf(self), turn);
  if (loaded !== undefined) {
    self.image = loaded.image;
    self.committed = self.applied = loaded.end;
  }
  const stored = readQuorumState(files);
  const { quorum } = self;
  if (stored !== undefined) Object.assign(quorum, stored);
  const written = lastEpoch(logOf(self));
  if (written > quorum.epoch)
    Object.assign(quorum, { epoch: written, leader: brokerId(-1), voted: undefined });
  enter(self, firstRole(self, turn), stored === undefined || written > stored.epoch, turn);
}

function firstRole(self: Controller, turn: Turn): Role {
  const { leader, voted } = self.quorum;
  const { nodeId } = self.config;
  if (!isVoter(self)) {
    return leader === -1 || leader === nodeId
      ? { type: "unattached", electionAt: undefined }
      : { type: "follower", fetchBy: undefined, fetched: false };
  }
  const at = electionAt(self, turn);
  if (leader === nodeId) {
    const others = otherVoters(self).map(({ id }) => id);
    return { type: "resigned", electionAt: at, toTell: new Set(others), successors: others };
  }
  if (leader !== -1) return { type: "follower", fetchBy: fetchBy(self, turn), fetched: false };
  if (voted?.id === nodeId && voted.directory === self.directory) {
    const granted = new Set([nodeId]);
    return { type: "candidate", electionAt: at, granted, rejected: new Set() };
  }
  return { type: "unattached", electionAt: at };
}

/** A clean stop: a leader hands its epoch over first, but does not wait for ever. */
export function stopController(self: Controller, turn: Turn): void {
  const { role } = self.quorum;
  self.stopBy = turn.now.monotonic;
  if (role.type !== "leader" || role.remotes.size === 0) return;
  const patience = self.config.settings["controller.quorum.request.timeout.ms"];
  self.stopBy = (turn.now.monotonic + patience) as Millis;
  resign(self, successors(role), turn);
}

/** Ends the process if it was to stop and has nothing more to tell. Returns whether it did. */
export function endIfStopped(self: Controller, turn: Turn): boolean {
  const { stopBy, quorum } = self;
  if (stopBy === undefined) return false;
  const isTelling = quorum.role.type === "resigned" && quorum.role.toTell.size > 0;
  if (isTelling && stopBy > turn.now.monotonic) return false;
  if (self.log !== undefined) closeLog(self.log, turn.ports.files);
  turn.outbox.push({ type: "exit" });
  return true;
}
