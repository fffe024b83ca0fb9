/*
 * What a member of the quorum does by itself, looked at after every input (KafkaRaftClient.poll): deadlines that have
 * come, then questions that are to be asked, then the time of the next look.
 */
import { type BrokerId, leaderEpoch, type Millis } from "../../foundation/ids.ts";
import type { Because, Turn } from "../../foundation/turn.ts";
import { silenceOf } from "../../wire/channel.ts";
import type { Controller, Peer } from "../state.ts";
import { armTimer } from "../timers.ts";
import { askBegin, askEnd, successors } from "./announcing.ts";
import { askFetch, askSnapshot } from "./following.ts";
import { isFree, peerOf } from "./peers.ts";
import { becomeProspective, becomeUnattached, giveUpAsking, resign } from "./roles.ts";
import type { Leading, Role, VoterConfig } from "./state.ts";
import { isVoter, otherVoters } from "./voters.ts";
import { askVote, count } from "./voting.ts";

/** Does what is due, asks what is to be asked, and sets the timer for the next look. */
export function poll(self: Controller, turn: Turn): void {
  // A role that is taken up may have come to its end at once: a quorum of one elects itself in one go.
  for (let role = self.quorum.role; ; role = self.quorum.role) {
    moveOn(self, role, turn);
    if (role === self.quorum.role) break;
  }
  ask(self, turn);
  armTimer(self, "quorum", nextLook(self, turn), turn);
}

function moveOn(self: Controller, role: Role, turn: Turn): void {
  const isDue = (at: Millis | undefined): boolean => at !== undefined && at <= turn.now.monotonic;
  switch (role.type) {
    case "unattached":
      if (isDue(role.electionAt)) becomeProspective(self, turn);
      return;
    case "prospective":
    case "candidate":
      count(self, role, turn);
      if (self.quorum.role !== role || !isDue(role.electionAt)) return;
      if (role.type === "candidate") becomeProspective(self, turn);
      else giveUpAsking(self, turn);
      return;
    case "follower":
      if (isDue(role.fetchBy)) becomeProspective(self, turn, silenceOfLeader(self));
      return;
    case "leader":
      if (isDue(role.checkBy)) resign(self, successors(role), turn, silenceOfVoters(self, role));
      return;
    case "resigned":
      if (isDue(role.electionAt)) becomeUnattached(self, leaderEpoch(self.quorum.epoch + 1), turn);
      return;
  }
}

function silenceOfLeader(self: Controller): Because | undefined {
  const peer = peerOf(self, self.quorum.leader);
  return peer === undefined ? undefined : silenceOf(peer.channel);
}

function silenceOfVoters(self: Controller, role: Leading): Because {
  const silences = otherVoters(self)
    .filter(({ id }) => !role.fetched.has(id))
    .map(({ id, endpoint: peer }) => {
      const since = role.remotes.get(id)?.heard;
      return since === undefined ? { peer } : { peer, since };
    });
  return { silences };
}

function ask(self: Controller, turn: Turn): void {
  const { role, leader } = self.quorum;
  switch (role.type) {
    case "prospective":
    case "candidate":
      for (const voter of otherVoters(self)) {
        if (role.granted.has(voter.id) || role.rejected.has(voter.id)) continue;
        withPeer(self, voter.id, role.type, turn, (peer) => askVote(self, role, voter, peer, turn));
      }
      return;
    case "follower":
      return follow(self, leader, turn);
    case "unattached":
      // Voters are told by whoever wins; an observer has to look for the leader itself.
      if (!isVoter(self)) seekLeader(self, turn);
      return;
    case "leader":
      return announce(self, role, turn);
    case "resigned":
      for (const id of role.toTell) {
        withPeer(self, id, "end", turn, (peer) => askEnd(self, role, peer, turn));
      }
  }
}

/** What follows this log; or the next piece of the snapshot that it is to begin with. */
function follow(self: Controller, leader: BrokerId, turn: Turn): void {
  const piece = self.snapshots.fetching;
  if (piece === undefined) {
    return withPeer(self, leader, "fetch", turn, (peer) => askFetch(self, peer, turn));
  }
  return withPeer(self, leader, "snapshot", turn, (peer) => askSnapshot(self, peer, piece, turn));
}

function withPeer(
  self: Controller,
  id: BrokerId,
  type: "prospective" | "candidate" | "begin" | "end" | "fetch" | "snapshot",
  turn: Turn,
  then: (peer: Peer) => void,
): void {
  const peer = peerOf(self, id);
  if (peer !== undefined && isFree(self, peer, type, turn)) then(peer);
}

/** One voter after the other, until one of them knows who leads. */
function seekLeader(self: Controller, turn: Turn): void {
  const voters = otherVoters(self);
  const busy = voters.some(({ id }) => (self.peers.get(id)?.channel.pending.length ?? 0) > 0);
  const voter = voters[turn.ports.random() % voters.length];
  if (busy || voter === undefined) return;
  withPeer(self, voter.id, "fetch", turn, (peer) => askFetch(self, peer, turn));
}

/** Voters that have not fetched since the last round are told (again) who leads: every half fetch time-out. */
function announce(self: Controller, role: Leading, turn: Turn): void {
  const silent = ({ id }: VoterConfig): boolean => role.remotes.get(id)?.acknowledged === false;
  if (role.beginAt === undefined || role.beginAt <= turn.now.monotonic) {
    const every = Math.floor(self.config.settings["controller.quorum.fetch.timeout.ms"] / 2);
    if (role.beginAt !== undefined)
      for (const remote of role.remotes.values()) remote.acknowledged = false;
    role.beginAt = (turn.now.monotonic + every) as Millis;
    if (role.remotes.size === 0) return;
  }
  for (const voter of otherVoters(self).filter(silent)) {
    withPeer(self, voter.id, "begin", turn, (peer) => askBegin(self, voter, peer, turn));
  }
}

/** When something is due next (monotonic ms). */
function nextLook(self: Controller, turn: Turn): Millis | undefined {
  const { role } = self.quorum;
  const times: (Millis | undefined)[] = [self.stopBy];
  for (const { retryAt } of self.peers.values()) {
    // Whoever has rested enough is asked when there is something to ask.
    if (retryAt !== undefined && retryAt > turn.now.monotonic) times.push(retryAt);
  }
  if (role.type === "leader")
    times.push(role.checkBy, role.remotes.size > 0 ? role.beginAt : undefined);
  else if (role.type === "follower") times.push(role.fetchBy);
  else times.push(role.electionAt);
  let next: Millis | undefined;
  for (const at of times) if (at !== undefined && (next === undefined || at < next)) next = at;
  return next;
}
