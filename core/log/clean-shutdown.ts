/*
 * Kafka's CleanShutdownFileHandler: a file that says that the last life flushed everything before it ended, and the
 * broker epoch that it had. It is removed before anything is written, so that it never vouches for a later life.
 */
import { type BrokerEpoch, brokerEpoch } from "../foundation/ids.ts";
import type { Files } from "../foundation/process.ts";
import { readText, writeTextAtomically } from "./text-file.ts";

const path = ".kafka_cleanshutdown";

export function writeCleanShutdown(files: Files, epoch: BrokerEpoch): void {
  writeTextAtomically(files, path, `{"version":0,"brokerEpoch":${epoch}}`);
}

/** Reads the marker and removes it for good; undefined if there is none. An unreadable one knows no epoch (-1). */
export function takeCleanShutdown(files: Files): { readonly brokerEpoch: BrokerEpoch } | undefined {
  const text = readText(files, path);
  if (text === undefined) return undefined;
  files.remove(path);
  files.fsyncFolder("");
  const epoch = /"brokerEpoch":\s*(\d+)/.exec(text)?.[1];
  return { brokerEpoch: brokerEpoch(epoch === undefined ? -1 : Number(epoch)) };
}
