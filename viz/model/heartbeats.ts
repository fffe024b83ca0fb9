/* Which messages are heartbeats: they say nothing while they come, and what is missing is drawn on the node. */

export const isHeartbeat = ({ api }: { readonly api: string }): boolean =>
  api === "BrokerHeartbeat";
