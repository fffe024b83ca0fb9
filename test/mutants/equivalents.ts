/*
 * Mechanical mutants that change nothing that anybody could notice, with the reason. Told by file, line as it stands, and
 * what was done to it.
 */
export interface Equivalent {
  readonly file: string;
  readonly line: string;
  readonly what: string;
  readonly why: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    file: "core/log/reading.ts",
    line: "let end = Math.max(least, positionWithin(segment.index, upTo - 1 - segment.base, limit));",
    what: "- 1 becomes - 2",
    why: "The index only says where to begin; from an earlier entry the same batches are passed one by one.",
  },
  {
    file: "core/log/offset-index.ts",
    line: "for (let i = from * 2; i < index.count * 2; i++) {",
    what: "< becomes <=",
    why: "What is written behind the end of a typed array goes nowhere.",
  },
  {
    file: "core/log/start-offset.ts",
    line: "log.start = to < log.end ? to : log.end;",
    what: "< becomes <=",
    why: "Where the two are equal it does not matter which one is taken.",
  },
  {
    file: "core/log/epochs.ts",
    line: "if (asked < 0 || last === undefined || first === undefined || asked > last.epoch)",
    what: "|| becomes && (2nd)",
    why: "A list has a last entry exactly if it has a first one.",
  },
  {
    file: "core/replication/purgatory.ts",
    line: "if (earliest === undefined || deadline < earliest) earliest = deadline;",
    what: "< becomes <=",
    why: "Of two deadlines that are equal it does not matter which one is taken.",
  },
  {
    file: "core/replication/leader.ts",
    line: "if (replica.end >= least) continue;",
    what: ">= becomes >",
    why: "A replica whose end is the least already makes it what it is.",
  },
  {
    file: "core/controller/metadata/placement.ts",
    line: "if (stripe === undefined || stripe.ids.length === 0) return undefined;",
    what: "|| becomes &&",
    why: "Every rack has its stripes, and one without brokers has given them all anyway.",
  },
  {
    file: "core/controller/quorum/replica.ts",
    line: "if (flushed) flushLog(log, turn.ports.files);",
    what: "statement dropped",
    why: "What a loss of power brings back behind a cut was not counted by anybody, and is cut again; the next append flushes both.",
  },
  {
    file: "core/controller/quorum/parked.ts",
    line: 'if (role.type !== "leader" || self.parked.length === 0) return;',
    what: "|| becomes &&",
    why: "Only fetches from a leader wait, and all are refused when it leads no more; where none waits there is none to answer.",
  },
  {
    file: "core/replication/follower.ts",
    line: "if (answer.records !== undefined && answer.records.length > 0) {",
    what: "> becomes >=",
    why: "Where there are no bytes there is no batch to append.",
  },
  {
    file: "core/controller/quorum/snapshots.ts",
    line: "if (oldest === undefined || next === undefined) return;",
    what: "|| becomes &&",
    why: "Where there is more than one snapshot both are there.",
  },
  {
    file: "core/replication/fetch-sessions.ts",
    line: "replica.lastFetch = pulse.at;",
    what: "statement dropped",
    why: "The last fetch is read only to say when a follower was caught up, and that is set to the same time beside it.",
  },
  {
    file: "core/client/producer/sequences.ts",
    line: "batch.sequence !== -1 && queue.inFlight.some((other) => other.id < batch.id);",
    what: "< becomes <=",
    why: "It is asked of batches that wait, and none of these is in flight.",
  },
];
