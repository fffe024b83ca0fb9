import type { BrokerId, LeaderEpoch } from "../foundation/ids.ts";
import type * as channel from "../wire/channel.ts";
import type { EdgeQuestion } from "./out-of-range.ts";
import type { Caller } from "../wire/sessions.ts";

/** What a broker's request was for: enough to go on when its answer comes, or does not. */
export type Purpose =
  | { readonly type: "register" }
  | { readonly type: "heartbeat" }
  | { readonly type: "metadata"; readonly epoch: LeaderEpoch }
  | { readonly type: "snapshot"; readonly epoch: LeaderEpoch }
  | { readonly type: "alterPartition"; readonly partitions: readonly string[] }
  | { readonly type: "producerIds" }
  /** Kafka's api key. */
  | { readonly type: "forwarded"; readonly api: number; readonly caller: Caller }
  | { readonly type: "fetch"; readonly leader: BrokerId }
  | { readonly type: "edge"; readonly leader: BrokerId; readonly question: EdgeQuestion };

/** A connection that a broker opens. */
export type Channel = channel.Channel<Purpose>;
export type Pending = channel.Pending<Purpose>;
