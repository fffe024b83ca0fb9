import { type BrokerId, brokerId, type Uuid, uuid } from "../foundation/ids.ts";
import type { Files } from "../foundation/process.ts";
import { parseProperties, readText, writeTextAtomically } from "./text-file.ts";

/** Who a folder belongs to (Kafka's meta.properties, version 1). */
export interface MetaProperties {
  readonly clusterId: string;
  readonly nodeId: BrokerId;
  readonly directoryId: Uuid;
}

const path = "meta.properties";

/** Undefined on an empty disk, or where the file does not say all three. */
export function readMetaProperties(files: Files): MetaProperties | undefined {
  const properties = parseProperties(readText(files, path) ?? "");
  const clusterId = properties.get("cluster.id");
  const nodeId = properties.get("node.id");
  const directoryId = properties.get("directory.id");
  if (clusterId === undefined || nodeId === undefined || directoryId === undefined)
    return undefined;
  return { clusterId, nodeId: brokerId(Number(nodeId)), directoryId: uuid(directoryId) };
}

export function writeMetaProperties(files: Files, properties: MetaProperties): void {
  const { clusterId, nodeId, directoryId } = properties;
  const lines = [
    `version=1`,
    `cluster.id=${clusterId}`,
    `node.id=${nodeId}`,
    `directory.id=${directoryId}`,
  ];
  writeTextAtomically(files, path, `${lines.join("\n")}\n`);
}
