/*
 * From role to role (Kafka's QuorumState). Whatever binds this replica (its epoch, its leader, its vote) is on its disk
 * when a function here returns.
 */
import { assert } from "../../foundation/assert.ts";
import {
  type BrokerId,
  brokerId,
  type LeaderEpoch,
  leaderEpoch,
  type Millis,
} from "../../foundation/ids.ts";
import { hasFlaw } from "../../foundation/flaws.ts";
import { type Because, note, type Turn } from "../../foundation/turn.ts";
import { endActive } from "../decisions.ts";
import type { Controller } from "../state.ts";
import { refuseParked } from "./parked.ts";
import type { ReplicaKey, Role } from "./state.ts";
import { writeQuorumState } from "./store.ts";
import { isVoter, ownKey } from "./voters.ts";

const nobody = brokerId(-1);

/**
 * The time-out of an election, drawn anew each time so that voters do not go on colliding: [t, 2t) from now. Who votes
 * alone has nobody to wait for.
 */
export function electionAt(self: Controller, turn: Turn): Millis {
  if (self.config.voters.length === 1) return turn.now.monotonic;
  const timeout = self.config.settings["controller.quorum.election.timeout.ms"];
  return (turn.now.monotonic + timeout + (turn.ports.random() % timeout)) as Millis;
}

/** When a follower gives its leader up. */
export const fetchBy = (self: Controller, turn: Turn): Millis =>
  (turn.now.monotonic + self.config.settings["controller.quorum.fetch.timeout.ms"]) as Millis;

/** A later epoch was heard of, but not yet who leads it. */
export function becomeUnattached(
  self: Controller,
  epoch: LeaderEpoch,
  turn: Turn,
  because?: Because,
): void {
  const { quorum } = self;
  assert(epoch > quorum.epoch, "an epoch never goes back");
  const { role } = quorum;
  // Whoever was about to stand for election keeps its time: others' epochs must not put it off for ever.
  const kept =
    role.type === "unattached" || role.type === "candidate" || role.type === "prospective";
  const at = !isVoter(self) ? undefined : kept ? role.electionAt : electionAt(self, turn);
  quorum.epoch = epoch;
  quorum.leader = nobody;
  quorum.voted = undefined;
  enter(self, { type: "unattached", electionAt: at }, true, turn, because);
}

/** The vote of this epoch is given; whoever gave it waits a whole election's time for what comes of it. */
export function giveVote(self: Controller, to: ReplicaKey, turn: Turn): void {
  const { quorum } = self;
  quorum.voted = to;
  const { role } = quorum;
  if (role.type === "unattached") {
    enter(self, { type: "unattached", electionAt: electionAt(self, turn) }, true, turn);
  } else writeQuorumState(turn.ports.files, quorum);
}

/** Somebody leads this epoch or a later one. */
export function becomeFollower(
  self: Controller,
  leader: BrokerId,
  epoch: LeaderEpoch,
  turn: Turn,
): void {
  const { quorum } = self;
  assert(leader !== self.config.nodeId, "nobody follows itself");
  if (epoch > quorum.epoch) quorum.voted = undefined;
  quorum.epoch = epoch;
  quorum.leader = leader;
  const by = isVoter(self) ? fetchBy(self, turn) : undefined;
  enter(self, { type: "follower", fetchBy: by, fetched: false }, true, turn);
}

/** Asks whether the others would vote for it; nothing binds anybody yet. */
export function becomeProspective(self: Controller, turn: Turn, because?: Because): void {
  // KIP-996: whoever does not ask first carries a later epoch to all when it is back, and so deposes their leader.
  if (hasFlaw(self.config.settings, "disruptive-voter"))
    return becomeCandidate(self, turn, because);
  const granted = new Set([self.config.nodeId]);
  const at = electionAt(self, turn);
  const role: Role = { type: "prospective", electionAt: at, granted, rejected: new Set() };
  enter(self, role, false, turn, because);
}

/** The others would not elect it: it follows whom it followed, or waits for another time (pollProspective). */
export function giveUpAsking(self: Controller, turn: Turn): void {
  const { leader } = self.quorum;
  const role: Role =
    leader === -1
      ? { type: "unattached", electionAt: electionAt(self, turn) }
      : { type: "follower", fetchBy: fetchBy(self, turn), fetched: false };
  enter(self, role, false, turn);
}

/** Stands for election in the next epoch, with its own vote. */
export function becomeCandidate(self: Controller, turn: Turn, because?: Because): void {
  const { quorum } = self;
  quorum.epoch = leaderEpoch(quorum.epoch + 1);
  quorum.leader = nobody;
  quorum.voted = ownKey(self);
  const granted = new Set([self.config.nodeId]);
  const at = electionAt(self, turn);
  enter(
    self,
    { type: "candidate", electionAt: at, granted, rejected: new Set() },
    true,
    turn,
    because,
  );
}

/** Led, and stops: it tells the others, and writes nothing more in this epoch. */
export function resign(
  self: Controller,
  successors: readonly BrokerId[],
  turn: Turn,
  because?: Because,
): void {
  const toTell = new Set(successors);
  const role: Role = { type: "resigned", electionAt: electionAt(self, turn), toTell, successors };
  enter(self, role, false, turn, because);
}

/** Takes up a role; `durable` if epoch, leader or vote changed with it. */
export function enter(
  self: Controller,
  role: Role,
  durable: boolean,
  turn: Turn,
  because?: Because,
): void {
  const { quorum } = self;
  if (durable) writeQuorumState(turn.ports.files, quorum);
  const before = quorum.role;
  quorum.role = role;
  const { epoch, leader } = quorum;
  const voted = quorum.voted?.id ?? nobody;
  note(turn, { type: "quorumRole", role: role.type, epoch, leader, voted }, because);
  if (before.type !== "leader") return;
  endActive(self, before, turn);
  refuseParked(self, turn);
}
