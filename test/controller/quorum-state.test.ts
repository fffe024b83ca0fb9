// The file quorum-state: what it keeps, when it is on the platter, and what it refuses to guess at.
import { describe, expect, it } from "vitest";
import { brokerId, DiskError, leaderEpoch, uuid } from "#core";
import { utf8Bytes } from "../../core/foundation/utf8.ts";
import { readQuorumState, writeQuorumState } from "../../core/controller/quorum/store.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { watchedFiles } from "../support/watched-files.ts";

const path = "__cluster_metadata-0/quorum-state";
const directory = uuid("00000000-0000-0000-0000-00000000000b");
const voted = { id: brokerId(2), directory };
const state = { epoch: leaderEpoch(7), leader: brokerId(-1), voted };

describe("quorum-state", () => {
  it("keeps epoch, leader and vote, and is not there on an empty disk", () => {
    const files = memoryFiles();
    expect(readQuorumState(files)).toBeUndefined();
    writeQuorumState(files, state);
    expect(readQuorumState(files)).toEqual(state);
    writeQuorumState(files, { ...state, leader: brokerId(3), voted: undefined });
    expect(readQuorumState(files)).toEqual({ ...state, leader: 3, voted: undefined });
  });

  it("is on the platter before it takes the place of the one before, and its name after", () => {
    const { files, done } = watchedFiles(memoryFiles());
    writeQuorumState(files, state);
    expect(done.slice(-3)).toEqual([
      `fsync ${path}.tmp`,
      `rename ${path}.tmp ${path}`,
      "fsyncFolder __cluster_metadata-0",
    ]);
  });

  it.each(["", "?", "null", "7", "{}", '{"leaderId":1,"leaderEpoch":1.5,"votedId":-1}'])(
    "that says %j is refused",
    (text) => {
      const files = memoryFiles();
      files.append(path, utf8Bytes(text));
      expect(() => readQuorumState(files)).toThrow(DiskError);
    },
  );
});
