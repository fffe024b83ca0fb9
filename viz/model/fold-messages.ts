/* Messages under way: from the event that sent them to the one that ended them. */
import type { TraceEvent } from "#sim";
import { isHeartbeat } from "./heartbeats.ts";
import type { Picture, Traffic } from "./picture.ts";

type Of<Type extends TraceEvent["type"]> = Extract<TraceEvent, { readonly type: Type }>;

export function foldSent(picture: Picture, event: Of<"sent">): void {
  picture.messages.set(event.seq, {
    event: event.seq,
    from: event.node,
    to: event.to,
    api: event.api,
    traffic: trafficOf(picture, event),
    response: event.response,
    bytes: event.bytes,
    sentAt: event.at,
    arrival: event.arrival,
    ...(event.epoch === undefined ? {} : { epoch: event.epoch }),
  });
}

/** How the metadata log is followed; brokers ask controllers for other things as well. */
const ofMetadataLog: ReadonlySet<string> = new Set(["Fetch", "FetchSnapshot"]);

/** By who both ends are. */
function trafficOf({ nodes }: Picture, { node, to, api }: Of<"sent">): Traffic {
  if (isHeartbeat({ api })) return "heartbeat";
  const [from, at] = [nodes.get(node)?.kind, nodes.get(to)?.kind];
  const [one, other] = from === "controller" ? [from, at] : [at, from];
  if (one !== "controller") return "other";
  const isQuorum = other === "controller" || (other === "broker" && ofMetadataLog.has(api));
  return isQuorum ? "quorum" : "other";
}

export function foldDelayed(picture: Picture, event: Of<"delayed">): void {
  const message = picture.messages.get(event.message);
  if (message !== undefined) {
    picture.messages.set(event.message, { ...message, arrival: event.arrival });
  }
}

/** The rest of a message that arrives in pieces stays under way until the last piece is handled. */
export function foldReceived(picture: Picture, event: Of<"received">): void {
  for (const message of event.done) picture.messages.delete(message);
}

export function foldLost(picture: Picture, event: Of<"lost">): void {
  picture.messages.delete(event.message);
}
