/* What a process has to do when one of its timers goes off; the core's names for them are nobody's words. */

/** By the core's names, without what follows a slash or a dash. */
const words: Readonly<Record<string, string>> = {
  append: "to write what it has decided",
  balance: "to see whether leaders should move back",
  deletions: "to delete files that were set aside",
  fetches: "to answer fetches that have waited long enough",
  flush: "to flush a segment that is full",
  highWatermarks: "to write its high watermarks",
  isr: "to see which followers are behind",
  isrRetry: "to ask once more for another ISR",
  lifecycle: "to tell the controllers that it is there",
  logStarts: "to write where its logs start",
  metadata: "to ask the controllers for news",
  purgatory: "to answer requests that have waited long enough",
  quorum: "to see who leads the quorum",
  recoveryPoints: "to write how far its logs are flushed",
  retention: "to see what is old enough to go",
  sessions: "to see which brokers it has not heard from",
  wake: "to do what comes next, or send again",
};

/** `to fetch from b3`. */
export function timerWords(timer: string): string {
  const [kind = "", about = ""] = timer.split("/");
  if (kind === "fetch") return `to fetch from b${about}`;
  if (kind === "channel") return `to give up ${requestWords(about)}`;
  return words[kind] ?? `named ${timer}`;
}

/** Which request a channel waits to have answered. */
function requestWords(channel: string): string {
  const [kind = "", peer = ""] = channel.split("-");
  switch (kind) {
    case "fetch":
      return `its fetch from b${peer}`;
    case "quorum":
      return "a question to another controller";
    case "metadata":
      return "its fetch of metadata";
    case "lifecycle":
      return "its heartbeat";
    default:
      return "a request";
  }
}
