import { type BrokerId, brokerId, type Uuid } from "../foundation/ids.ts";
import type { Files } from "../foundation/process.ts";
import { parseProperties, readText, writeTextAtomically } from "./text-file.ts";
import { uuidOf, uuidText } from "./uuid-text.ts";

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
  const directoryId = uuidOf(properties.get("directory.id") ?? "");
  if (clusterId === undefined || nodeId === undefined || directoryId === undefined)
    return undefined;
  return { clusterId, nodeId: brokerId(Number(nodeId)), directoryId };
}

export function writeMetaProperties(files: Files, properties: MetaProperties): void {
  const { clusterId, nodeId, directoryId } = properties;
  const lines = [
    `version=1`,
    `cluster.id=${clusterId}`,
    `node.id=${nodeId}`,
    `directory.id=${uuidText(directoryId)}`,
  ];
  writeTextAtomically(files, path, `${lines.join("\n")}\n`);
}
