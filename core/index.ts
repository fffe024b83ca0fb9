// The protocol library, and nothing else: what other rooms may use of core.

// foundation
export * from "./foundation/assert.ts";
export * from "./foundation/calls.ts";
export * from "./foundation/events.ts";
export * from "./foundation/ids.ts";
export * from "./foundation/process.ts";
export * from "./foundation/settings.ts";
export * from "./foundation/turn.ts";
export * from "./foundation/utf8.ts";

// client
export { type Client, newClient, stepClient } from "./client/client.ts";
export type { ClientConfig } from "./client/config.ts";
