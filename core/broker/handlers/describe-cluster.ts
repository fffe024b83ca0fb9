import type { Turn } from "../../foundation/turn.ts";
import { describeCluster, type DescribeClusterRequest } from "../../wire/api/describe-cluster.ts";
import { errorCode } from "../../wire/errors.ts";
import { answer, type Caller } from "../../wire/sessions.ts";
import type { Broker } from "../state.ts";
import { liveBrokers } from "../view.ts";

/** DescribeCluster: the brokers that are not fenced, as far as this one has applied metadata (KIP-700). */
export function onDescribeCluster(
  self: Broker,
  caller: Caller,
  request: DescribeClusterRequest,
  turn: Turn,
): void {
  const { endpointType } = request;
  const live = liveBrokers(self);
  const body = {
    throttleTimeMs: 0,
    clusterId: self.config.clusterId,
    // Like Metadata: a live broker, since that is where clients send what is for the controller.
    controllerId: live[0]?.id ?? -1,
  };
  if (endpointType === 1) {
    const brokers = live.map(({ id, endpoint, rack }) => ({ brokerId: id, ...endpoint, rack }));
    return answer(self, caller, describeCluster, { ...body, errorCode: 0, brokers }, turn);
  }
  // KIP-919: controllers are described by controllers.
  const error = endpointType === 2 ? "MISMATCHED_ENDPOINT_TYPE" : "UNSUPPORTED_ENDPOINT_TYPE";
  const refused = { ...body, errorCode: errorCode(error), endpointType: 1, brokers: [] };
  answer(self, caller, describeCluster, refused, turn);
}
