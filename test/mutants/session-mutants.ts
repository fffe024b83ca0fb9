import type { Mutant } from "./mutants.ts";

/** Mistakes with fetch sessions (KIP-227): what an answer leaves out is believed to be as it was. */
export const sessionMutants: readonly Mutant[] = [
  {
    id: "session-epoch-stands",
    sentence: "takes the same request of a fetch session again and again",
    file: "core/broker/handlers/fetch-context.ts",
    from: "session.epoch = epochAfter(session.epoch);",
    to: "session.epoch = epoch;",
  },
  {
    id: "forgotten-partition-kept",
    sentence: "goes on telling of a partition that the session was to forget",
    file: "core/replication/fetch-sessions.ts",
    from: "for (const want of forgotten) {",
    to: "for (const want of forgotten.slice(1)) {",
  },
  {
    id: "moved-mark-not-told",
    sentence: "leaves a partition out of an answer though its high watermark has moved",
    file: "core/replication/fetch-sessions.ts",
    from: "    cached.highWatermark !== highWatermark ||",
    to: "    ",
  },
  {
    id: "resting-not-counted",
    sentence: "holds a follower for late in a partition that its fetches did not name",
    file: "core/replication/fetch-sessions.ts",
    from: "if (replica.lastCaughtUp < pulse.at) replica.lastCaughtUp = pulse.at;",
    to: "",
  },
  {
    id: "resting-counted-for-the-dead",
    sentence: "counts a fetch of a follower's earlier life for what it did not name (KIP-903)",
    file: "core/broker/handlers/fetch-context.ts",
    from: "isOfEarlierLife(viewOf(self), session.replica, epoch)",
    to: "false",
  },
  {
    id: "rests-below-the-end",
    sentence: "lets a partition rest whose high watermark may still rise by time alone",
    file: "core/replication/fetch-sessions.ts",
    from: "highWatermark !== log.end || ",
    to: "",
  },
  {
    id: "session-outlives-silence",
    sentence: "goes on with a fetch session after a request that was not answered",
    file: "core/broker/fetchers.ts",
    from: "    beginAnew(session);",
    to: "",
  },
];
