import type { Turn } from "../foundation/turn.ts";
import { retryDelete } from "./handlers/delete-records.ts";
import { retryFetch } from "./handlers/fetch.ts";
import { retryProduce } from "./handlers/produce.ts";
import type { Broker } from "./state.ts";

/** Looks at a parked request again; `overdue`: its time is over. */
export function retry(self: Broker, id: number, overdue: boolean, turn: Turn): void {
  const parked = self.purgatory.parked.get(id);
  if (parked === undefined) return;
  if (parked.type === "produce") retryProduce(self, parked, overdue, turn);
  else if (parked.type === "deleteRecords") retryDelete(self, parked, overdue, turn);
  else retryFetch(self, parked, overdue, turn);
}
