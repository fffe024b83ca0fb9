import type { Turn } from "../../foundation/turn.ts";
import type { Caller } from "../../wire/sessions.ts";
import { apiVersions } from "../../wire/api/api-versions.ts";
import { advertised } from "../../wire/apis.ts";
import { errorCode } from "../../wire/errors.ts";
import { answer } from "../../wire/sessions.ts";
import type { Broker } from "../state.ts";

/** ApiVersions: what this broker speaks. */
export function onApiVersions(self: Broker, caller: Caller, turn: Turn): void {
  const body = { errorCode: errorCode("NONE"), apiKeys: advertised, throttleTimeMs: 0 };
  answer(self, caller, apiVersions, body, turn);
}

/** A version of ApiVersions that we do not know: answered in version 0 with our own range, not with silence (KIP-511). */
export function refuseApiVersions(self: Broker, caller: Caller, turn: Turn): void {
  const apiKeys = advertised.filter(({ apiKey }) => apiKey === apiVersions.key);
  const body = { errorCode: errorCode("UNSUPPORTED_VERSION"), apiKeys, throttleTimeMs: 0 };
  answer(self, { ...caller, version: 0 }, apiVersions, body, turn);
}
