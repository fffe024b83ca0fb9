/*
 * Kafka's machines on the nodes of a scenario: which process runs where, under which settings. Defaults are Kafka's own;
 * the scenario says what differs.
 */
import {
  adminDefaults,
  brokerDefaults,
  type BrokerConfig,
  brokerId,
  type BrokerSettings,
  type ClientConfig,
  consumerDefaults,
  type ControllerConfig,
  type Endpoint,
  type Flawed,
  must,
  newBroker,
  newClient,
  newController,
  producerDefaults,
  stepBroker,
  stepClient,
  stepController,
  type Uuid,
  uuid,
} from "#core";
import { lookAtKafka } from "../audit/kafka.ts";
import type { Scenario } from "../scenario/schema.ts";
import { brokerPort, controllerPort } from "../world/create.ts";
import type { Machine, Machines } from "../world/machines.ts";
import type { NodeSpec } from "../world/state.ts";
import { applications } from "./application.ts";

const clusterId = "highwater";

/** The flaws that are on go to brokers, controllers and clients alike. */
const flawsOf = ({ cluster: { flaws } }: Scenario): Flawed =>
  flaws === undefined ? {} : { flaws };

const settingsOf = (scenario: Scenario): BrokerSettings => ({
  ...brokerDefaults,
  ...scenario.cluster.config,
  ...flawsOf(scenario),
});

const controllersOf = ({ cluster }: Scenario) =>
  cluster.controllers.map(({ id }, i) => ({
    id: brokerId(id),
    directory: directoryOf(id),
    endpoint: { host: `c${i + 1}`, port: controllerPort },
  }));

/** What the disk of a voter was named when the cluster was set up (kafka-storage format). */
const directoryOf = (id: number): Uuid =>
  uuid(`00000000-0000-4000-a000-${String(id).padStart(12, "0")}`);

function brokerConfig(scenario: Scenario, { name, id, port }: NodeSpec): BrokerConfig {
  const rack = scenario.cluster.brokers.find((broker) => broker.id === id)?.rack ?? null;
  return {
    nodeId: brokerId(id),
    rack,
    clusterId,
    endpoint: { host: name, port },
    controllers: controllersOf(scenario),
    settings: settingsOf(scenario),
  };
}

const controllerConfig = (
  scenario: Scenario,
  { name, id, port }: NodeSpec,
  wiped: boolean,
): ControllerConfig => ({
  nodeId: brokerId(id),
  clusterId,
  endpoint: { host: name, port },
  voters: controllersOf(scenario),
  // A disk that was not there when the cluster was set up is no voter's (KIP-853).
  directory: wiped ? undefined : directoryOf(id),
  settings: settingsOf(scenario),
});

function clientConfig(scenario: Scenario, { name, kind }: NodeSpec): ClientConfig {
  const { cluster, workload } = scenario;
  const bootstrap: Endpoint[] = cluster.brokers.map(({ id }) => ({
    host: `b${id}`,
    port: brokerPort,
  }));
  const common = { name, bootstrap };
  switch (kind) {
    case "producer": {
      const spec = must(
        workload.producers.find((one) => one.name === name),
        "a named producer",
      );
      const settings = { ...producerDefaults, ...spec.config, ...flawsOf(scenario) };
      return { ...common, role: "producer", settings };
    }
    case "consumer": {
      const spec = must(
        workload.consumers.find((one) => one.name === name),
        "a named consumer",
      );
      const reset = { "auto.offset.reset": spec.from };
      const own = { ...clientTimes(scenario), ...reset, ...spec.config };
      const settings = { ...consumerDefaults, ...own, ...flawsOf(scenario) };
      return { ...common, role: "consumer", settings };
    }
    case "verifier": {
      // Everything is healed when it reads, so it can wait: were it hasty, a slow network would look like a loss.
      const reset = { "auto.offset.reset": "earliest" as const };
      return { ...common, role: "consumer", settings: { ...consumerDefaults, ...reset } };
    }
    default:
      return { ...common, role: "admin", settings: { ...adminDefaults, ...clientTimes(scenario) } };
  }
}

/** Clients that the scenario does not configure are as patient as its followers are. */
const clientTimes = (scenario: Scenario) => ({
  "request.timeout.ms": settingsOf(scenario)["replica.socket.timeout.ms"],
});

const broker: Machine<ReturnType<typeof newBroker>> = {
  create: (scenario, node) => newBroker(brokerConfig(scenario, node)),
  step: stepBroker,
};
const controller: Machine<ReturnType<typeof newController>> = {
  create: (scenario, node, _, wiped) => newController(controllerConfig(scenario, node, wiped)),
  step: stepController,
};
const client: Machine<ReturnType<typeof newClient>> = {
  create: (scenario, node) => newClient(clientConfig(scenario, node)),
  step: stepClient,
};

/** The machines of every world in which Kafka runs. */
export const kafkaMachines: Machines = {
  broker,
  controller,
  client,
  application: applications,
  look: lookAtKafka,
};
