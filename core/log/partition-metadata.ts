import type { Uuid } from "../foundation/ids.ts";
import type { Files } from "../foundation/process.ts";
import { readText, writeTextAtomically } from "./text-file.ts";
import { uuidOf, uuidText } from "./uuid-text.ts";

/** Its name in a partition's folder. */
export const partitionMetadataFile = "partition.metadata";

const pathIn = (folder: string): string => `${folder}/${partitionMetadataFile}`;

/** Notes which topic a partition's folder belongs to (Kafka's PartitionMetadataFile). */
export function writePartitionMetadata(files: Files, folder: string, topicId: Uuid): void {
  writeTextAtomically(files, pathIn(folder), `version: 0\ntopic_id: ${uuidText(topicId)}`);
}

/** The topic that a folder belongs to, or undefined if it does not say. */
export function readPartitionMetadata(files: Files, folder: string): Uuid | undefined {
  const id = /topic_id: (\S+)/.exec(readText(files, pathIn(folder)) ?? "")?.[1];
  return id === undefined ? undefined : uuidOf(id);
}
