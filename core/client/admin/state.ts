import type { AdminCall } from "../../foundation/calls.ts";
import type { CallId, Millis } from "../../foundation/ids.ts";

/** A call of an admin that is not answered. */
export interface AdminTask {
  readonly call: CallId;
  /** What is not done yet of what was asked. */
  asked: AdminCall;
  asking: boolean;
  failures: number;
  retryAt: Millis;
  /** default.api.timeout.ms after the call. */
  readonly deadline: Millis;
}

export interface Admin {
  readonly type: "admin";
  readonly tasks: Map<CallId, AdminTask>;
}
