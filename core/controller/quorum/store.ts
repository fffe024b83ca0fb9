/*
 * The file `quorum-state` (Kafka's FileQuorumStateStore): epoch, leader and vote, on the platter before anybody is told
 * of them. JSON, as Kafka writes it (QuorumStateData, version 1).
 */
import {
  brokerId,
  leaderEpoch,
  metadataTopic,
  partitionName,
  zeroUuid,
} from "../../foundation/ids.ts";
import { DiskError, type Files } from "../../foundation/process.ts";
import { readText, writeTextAtomically } from "../../log/text-file.ts";
import { uuidOf, uuidText } from "../../log/uuid-text.ts";
import type { Quorum } from "./state.ts";

const path = `${partitionName(metadataTopic, 0)}/quorum-state`;

type Stored = Pick<Quorum, "epoch" | "leader" | "voted">;

/** What was written last; undefined on an empty disk. @throws DiskError if the file makes no sense. */
export function readQuorumState(files: Files): Stored | undefined {
  const text = readText(files, path);
  if (text === undefined) return undefined;
  const data = parse(text);
  const number = (key: string): number => {
    const value = data[key];
    if (typeof value !== "number" || !Number.isSafeInteger(value)) {
      throw new DiskError(path, `${path}: ${key} is no whole number`);
    }
    return value;
  };
  const votedId = number("votedId");
  const directory = uuidOf(String(data["votedDirectoryId"])) ?? zeroUuid;
  return {
    epoch: leaderEpoch(number("leaderEpoch")),
    leader: brokerId(number("leaderId")),
    voted: votedId === -1 ? undefined : { id: brokerId(votedId), directory },
  };
}

function parse(text: string): Record<string, unknown> {
  try {
    const data: unknown = JSON.parse(text);
    if (typeof data === "object" && data !== null) return data as Record<string, unknown>;
  } catch {
    // Told below, in words that do not depend on the engine.
  }
  throw new DiskError(path, `${path}: not a JSON object`);
}

/** Returns when it is on the platter. */
export function writeQuorumState(files: Files, { epoch, leader, voted }: Stored): void {
  const data = {
    leaderId: leader,
    leaderEpoch: epoch,
    votedId: voted?.id ?? -1,
    votedDirectoryId: uuidText(voted?.directory ?? zeroUuid),
    data_version: 1,
  };
  writeTextAtomically(files, path, JSON.stringify(data));
}
