// The simulator: what the command line, the lab and other people's tests may use of it.

// trace
export * from "./trace/events.ts";
