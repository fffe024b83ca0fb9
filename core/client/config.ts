import type { Endpoint } from "../foundation/ids.ts";
import type { AdminSettings, ConsumerSettings, ProducerSettings } from "../foundation/settings.ts";

/** What every client is told: its client.id and bootstrap.servers. */
interface CommonConfig {
  /** Kafka's client.id, as it stands in every request header. */
  readonly name: string;
  /** Where to begin; a client learns the other brokers from them. At least one. */
  readonly bootstrap: readonly Endpoint[];
}

/** A client is one of three. Settings are whole: defaults come from foundation/settings.ts. */
export type ClientConfig = CommonConfig &
  (
    | { readonly role: "producer"; readonly settings: ProducerSettings }
    | { readonly role: "consumer"; readonly settings: ConsumerSettings }
    | { readonly role: "admin"; readonly settings: AdminSettings }
  );
