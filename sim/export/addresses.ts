/* Made-up addresses, one for each node, so that tools which read captures have something to tell nodes apart by. */
import type { NodeName } from "../trace/events.ts";
import type { Scenario } from "../scenario/schema.ts";
import { nodesOf } from "../world/create.ts";

/** An IPv4 address, as a number of 32 bits. */
export type Address = number;

const address = (net: number, host: number): Address => 10 * 0x100_0000 + net * 0x1_0000 + host;

/** Brokers live in 10.1, controllers in 10.2, clients in 10.3, each by its number. */
export function addressesOf(scenario: Scenario): ReadonlyMap<NodeName, Address> {
  let clients = 0;
  let controllers = 0;
  return new Map(
    nodesOf(scenario).map(({ name, kind, id }): [NodeName, Address] => {
      if (kind === "broker") return [name, address(1, id)];
      if (kind === "controller") return [name, address(2, (controllers += 1))];
      return [name, address(3, (clients += 1))];
    }),
  );
}
