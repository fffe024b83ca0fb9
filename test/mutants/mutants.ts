/*
 * One-line mistakes, each of a kind that has been made in a broker: the tests and the search must notice every
 * one of them. `from` must stand in the file exactly once.
 */
import { dataMutants } from "./data-mutants.ts";
import { decisionMutants } from "./decision-mutants.ts";
import { moreMutants } from "./more-mutants.ts";
import { sessionMutants } from "./session-mutants.ts";

export interface Mutant {
  readonly id: string;
  /** What the mistaken broker does. */
  readonly sentence: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const firstMutants: readonly Mutant[] = [
  {
    id: "high-watermark-too-far",
    sentence: "moves the high watermark one past what the slowest in-sync replica holds",
    file: "core/replication/leader.ts",
    from: "least = replica.end;",
    to: "least = (replica.end + 1) as typeof replica.end;",
  },
  {
    id: "truncate-too-few",
    sentence: "keeps one record that the leader does not have",
    file: "core/replication/follower.ts",
    from: "Math.min(diverging.end, ownEnd, from)",
    to: "Math.min(diverging.end + 1, ownEnd, from)",
  },
  {
    id: "serve-above-high-watermark",
    sentence: "gives consumers records that may still be taken back",
    file: "core/replication/reading.ts",
    from: "question.replica === -1 ? highWatermark : log.end",
    to: "log.end",
  },
  {
    id: "no-isr-check-after-append",
    sentence: "acknowledges though the ISR has become too small since the append",
    file: "core/broker/handlers/produce.ts",
    from: 'hasEnoughAfterAppend(partition) ? "NONE" : "NOT_ENOUGH_REPLICAS_AFTER_APPEND"',
    to: '"NONE"',
  },
  {
    id: "acknowledge-at-append",
    sentence: "acknowledges acks=all when only the leader has the record",
    file: "core/broker/handlers/produce.ts",
    from: 'outcome: acks === -1 ? undefined : "NONE"',
    to: 'outcome: "NONE"',
  },
  {
    id: "keep-followers-over-epochs",
    sentence: "counts what followers had fetched under an epoch that ended two epochs ago",
    file: "core/replication/leader.ts",
    from: "assignment.leaderEpoch === epochBefore + 1",
    to: "assignment.leaderEpoch > epochBefore",
  },
  {
    id: "forget-epoch-cache",
    sentence: "truncates the log and leaves the leader epochs of what was cut",
    file: "core/log/truncation.ts",
    from: "const epochs = epochsBelow(log.epochs, log.end);",
    to: "const epochs = log.epochs;",
  },
  {
    id: "skip-fsync",
    sentence: "calls records flushed that are only in the page cache",
    file: "core/log/flushing.ts",
    from: "files.fsync(logFile(log.folder, base));",
    to: "",
  },
  {
    id: "shrink-eagerly",
    sentence: "drops a replica from the ISR as soon as it is behind at all",
    file: "core/replication/isr.ts",
    from: "turn.now.monotonic - replica.lastCaughtUp > view.lagMax",
    to: "turn.now.monotonic - replica.lastCaughtUp >= 0",
  },
  {
    id: "count-before-commit",
    sentence:
      "stops waiting for a replica when it proposes to drop it, before the controller agreed (KIP-497)",
    file: "core/replication/partition.ts",
    from: 'hasFlaw(partition, "eager-isr")',
    to: 'role.pendingIsr.change === "shrink"',
  },
  {
    id: "join-at-high-watermark",
    sentence: "takes a replica into the ISR that lacks records of before this epoch (KAFKA-7128)",
    file: "core/replication/isr.ts",
    from: "replica.end < role.epochStart && ",
    to: "replica.end < partition.highWatermark && ",
  },
  {
    id: "count-diverging-fetch",
    sentence: "counts a fetch whose log has parted from the leader's (KAFKA-13141)",
    file: "core/broker/handlers/fetch.ts",
    from: "checked.diverging !== undefined && !hasFlaw",
    to: "checked.diverging !== undefined && hasFlaw",
  },
  {
    id: "answer-old-epoch",
    sentence: "answers a produce parked under an epoch that has ended",
    file: "core/broker/handlers/produce.ts",
    from: "partition.leaderEpoch !== wait.epoch",
    to: "false",
  },
  {
    id: "count-earlier-life",
    sentence: "counts a fetch of a follower's earlier life (KIP-903)",
    file: "core/replication/leader.ts",
    from: "standing.epoch > epoch",
    to: "false",
  },
  {
    id: "high-watermark-below-minimum",
    sentence: "moves the high watermark while the ISR is too small (KIP-966)",
    file: "core/replication/leader.ts",
    from: 'role.type !== "leader" || partition.isr.length < partition.minIsr',
    to: 'role.type !== "leader"',
  },
  {
    id: "duplicate-at-once",
    sentence: "acknowledges a duplicate whose first copy is not committed yet",
    file: "core/broker/handlers/produce.ts",
    from: 'outcome: acks === -1 ? undefined : "NONE",',
    to: 'outcome: acks === -1 && !appended.duplicate ? undefined : "NONE",',
  },
  {
    id: "keep-clean-marker",
    sentence: "lets the marker of a clean stop vouch for a later life",
    file: "core/log/clean-shutdown.ts",
    from: "files.remove(path);",
    to: "",
  },
  {
    id: "keep-producer-state",
    sentence: "truncates the log and leaves the producers' sequences of what was cut",
    file: "core/log/truncation.ts",
    from: "  reloadProducers(log, files);",
    to: "",
  },
  {
    id: "believe-torn-tail",
    sentence: "keeps what an unclean stop left at the end of the log, unread",
    file: "core/log/recovery.ts",
    from: "options.clean || flushed",
    to: "true",
  },
];

/** All of them. */
export const mutants: readonly Mutant[] = [
  ...firstMutants,
  ...moreMutants,
  ...dataMutants,
  ...decisionMutants,
  ...sessionMutants,
];
