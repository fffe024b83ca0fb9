import type { CallId, InputId, Millis } from "../foundation/ids.ts";
import type { Admin } from "./admin/state.ts";
import type { ClientConfig } from "./config.ts";
import type { Consumer } from "./consumer/state.ts";
import type { Cluster } from "./network/cluster.ts";
import type { Network } from "./network/state.ts";
import type { Producer } from "./producer/state.ts";

/** A client: plain data, moved by stepClient. */
export interface Client {
  readonly config: ClientConfig;
  readonly network: Network;
  /** What it knows of the cluster. */
  readonly cluster: Cluster;
  readonly role: Producer | Consumer | Admin;
  /** The earliest moment at which something is due (monotonic ms), as gathered in this step. */
  wakeAt: Millis | undefined;
  /** When the one timer fires; undefined if it is not set. */
  timer: Millis | undefined;
  /** The inputs that brought calls which are not answered yet. */
  readonly calls: Map<CallId, InputId>;
}
