import type { BrokerId } from "../foundation/ids.ts";
import type { Broker } from "./state.ts";

/** Turns to the next configured controller; connections that are up stay where they are until they fail. */
export function otherController(self: Broker): void {
  self.controller = (self.controller + 1) % self.config.controllers.length;
  pointThere(self);
}

/** Turns to the controller that an answer named as the leader, or to the next one if it named none. */
export function leadingController(self: Broker, leader: number): void {
  const at = self.config.controllers.findIndex(({ id }) => id === (leader as BrokerId));
  if (at === -1) return otherController(self);
  self.controller = at;
  pointThere(self);
}

function pointThere(self: Broker): void {
  const controller = self.config.controllers[self.controller];
  if (controller === undefined) return;
  for (const channel of Object.values(self.toController)) channel.endpoint = controller.endpoint;
}
