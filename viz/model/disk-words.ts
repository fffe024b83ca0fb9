/* What a process asked of its disk, in words. */
import type { TraceEvent } from "#sim";

/** `b2 appends 16 bytes to orders-0/….log at 480`. */
export function operationSentence({
  node,
  op,
  file,
  length,
  position,
}: Extract<TraceEvent, { readonly type: "disk" }>): string {
  const bytes = `${length} ${length === 1 ? "byte" : "bytes"}`;
  switch (op) {
    case "append":
      return `${node} appends ${bytes} to ${file} at ${position}`;
    case "write":
      return `${node} writes ${bytes} into ${file} at ${position}`;
    case "truncate":
      return `${node} cuts ${file} off at ${position}`;
    case "fsync":
      return `${node} flushes ${file} to its disk`;
    case "rename":
      return `${node} renames a file to ${file}`;
    case "remove":
      return `${node} removes ${file}`;
    case "fsyncFolder":
      return `${node} flushes the names in ${file === "" ? "its data folder" : file} to its disk`;
  }
}
