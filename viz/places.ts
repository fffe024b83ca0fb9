/* Who is on the stage: every node that the scenario names, in its place from the first moment on. */
import type { Scenario } from "#sim";
import type { Place } from "./marks/geometry.ts";
import { brokerName } from "./model/picture.ts";

/** Controllers are numbered from 101 and named from 1. */
const firstController = 101;

export function placesOf({ cluster, workload }: Scenario): readonly Place[] {
  return [
    ...cluster.controllers.map(({ id }) => place(`c${id - firstController + 1}`, "controller")),
    ...cluster.brokers.map(({ id, rack }) => ({
      ...place(brokerName(id), "broker"),
      ...(rack === null ? {} : { rack }),
    })),
    ...workload.producers.map(({ name }) => place(name, "producer")),
    ...workload.consumers.map(({ name }) => place(name, "consumer")),
    place("a1", "admin"),
    place("v1", "verifier"),
  ];
}

const place = (name: string, kind: Place["kind"]): Place => ({ name, kind });
