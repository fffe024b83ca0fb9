/*
 * How a controller begins to lead (KafkaRaftClient.onBecomeLeader): it says so in the log, with the first record of its
 * epoch, and to the other voters.
 */
import { offset } from "../../foundation/ids.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import { assignEpoch } from "../../log/log.ts";
import { controlBit, encodeBatch } from "../../wire/batch.ts";
import { encodeLeaderChange } from "../../wire/control-records.ts";
import type { Controller } from "../state.ts";
import { raiseCommitted } from "./commit.ts";
import { appendFlushed, logOf } from "./log.ts";
import { enter } from "./roles.ts";
import type { Leading, Nominee } from "./state.ts";
import { otherVoters } from "./voters.ts";

/** A majority voted for it. */
export function beginLeading(self: Controller, { granted }: Nominee, turn: Turn): void {
  const { quorum, config } = self;
  const log = logOf(self);
  const start = log.end;
  const unknown = { end: offset(-1), acknowledged: false, heard: undefined };
  const role: Leading = {
    type: "leader",
    start,
    remotes: new Map(otherVoters(self).map(({ id }) => [id, { ...unknown }])),
    fetched: new Set(),
    checkBy: undefined,
    beginAt: undefined,
    told: new Map(),
    active: undefined,
  };
  resetCheck(self, role, turn);
  quorum.leader = config.nodeId;
  enter(self, role, true, turn);
  note(turn, { type: "controllerElected", epoch: quorum.epoch });
  assignEpoch(log, turn.ports.files, quorum.epoch, start);
  const voters = config.voters.map(({ id, directory }) => ({
    voterId: id,
    voterDirectoryId: directory,
  }));
  const grantingVoters = voters.filter(({ voterId }) => granted.has(voterId));
  const change = encodeLeaderChange({ leaderId: config.nodeId, voters, grantingVoters });
  const batch = encodeBatch(
    {
      baseOffset: start,
      leaderEpoch: quorum.epoch,
      producerId: -1,
      producerEpoch: -1,
      baseSequence: -1,
      attributes: controlBit,
      records: [{ timestamp: turn.now.wall, ...change }],
    },
    turn.ports.bytes,
  );
  appendFlushed(log, batch, "leader", turn);
  raiseCommitted(self, role, turn);
}

/** A majority was heard: the time in which it must be heard again begins (1.5 times the fetch time-out). */
export function resetCheck(self: Controller, role: Leading, turn: Turn): void {
  role.fetched.clear();
  if (role.remotes.size === 0) return;
  const timeout = Math.floor(self.config.settings["controller.quorum.fetch.timeout.ms"] * 1.5);
  role.checkBy = (turn.now.monotonic + timeout) as typeof turn.now.monotonic;
}
