/* Messages under way: from the event that sent them to the one that ended them. */
import type { TraceEvent } from "#sim";
import type { Picture } from "./picture.ts";

type Of<Type extends TraceEvent["type"]> = Extract<TraceEvent, { readonly type: Type }>;

export function foldSent(picture: Picture, event: Of<"sent">): void {
  picture.messages.set(event.seq, {
    event: event.seq,
    from: event.node,
    to: event.to,
    api: event.api,
    response: event.response,
    bytes: event.bytes,
    sentAt: event.at,
    arrival: event.arrival,
  });
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
