/* Clients: what was asked, what was told, and where consumers stand. */
import type { NodeName, TraceEvent } from "#sim";
import { callName } from "./facts.ts";
import { changeNode } from "./fold-nodes.ts";
import type { ClientPicture, Picture } from "./picture.ts";

type Of<Type extends TraceEvent["type"]> = Extract<TraceEvent, { readonly type: Type }>;

function changeClient(
  picture: Picture,
  name: NodeName,
  change: (client: ClientPicture) => Partial<ClientPicture>,
): void {
  changeNode(picture, name, ({ client }) =>
    client === undefined ? {} : { client: { ...client, ...change(client) } },
  );
}

export function foldCalled(picture: Picture, event: Of<"called">): void {
  if (event.request.type !== "send") return;
  changeClient(picture, event.node, ({ sent }) => ({ sent: sent + 1 }));
}

export function foldResult(picture: Picture, event: Of<"result">): void {
  const { outcome, node, seq, call } = event;
  switch (outcome.type) {
    case "acknowledged": {
      changeClient(picture, node, ({ acknowledged }) => ({ acknowledged: acknowledged + 1 }));
      const told = picture.partitions.get(outcome.partition)?.told;
      const before = told?.get(outcome.offset) ?? [];
      told?.set(outcome.offset, [...before, { event: seq, node, call }]);
      return;
    }
    case "unknown":
      picture.unsure.set(callName(node, call), seq);
      return changeClient(picture, node, ({ unknown }) => ({ unknown: unknown + 1 }));
    case "failed":
      return changeClient(picture, node, ({ failed }) => ({ failed: failed + 1 }));
    case "polled": {
      const { records, positions } = outcome;
      return changeClient(picture, node, (client) => ({
        seen: client.seen + records.length,
        positions: movePositions(client.positions, positions, seq),
      }));
    }
    default:
      return;
  }
}

export function foldPositionReset(picture: Picture, event: Of<"note">): void {
  if (event.event.type !== "positionReset") return;
  const moved = [event.event];
  changeClient(picture, event.node, ({ positions }) => ({
    positions: movePositions(positions, moved, event.seq),
  }));
}

/** A position that did not move keeps the event that put it there. */
function movePositions(
  positions: ClientPicture["positions"],
  moved: readonly { readonly partition: string; readonly offset: number }[],
  event: number,
): ClientPicture["positions"] {
  if (moved.every(({ partition, offset }) => positions.get(partition)?.offset === offset)) {
    return positions;
  }
  const next = new Map(positions);
  for (const { partition, offset } of moved) {
    if (next.get(partition)?.offset !== offset) next.set(partition, { offset, event });
  }
  return next;
}
