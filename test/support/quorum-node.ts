/* One voter of a quorum, of three if not said otherwise, in a test's hands; the test plays the others. */
import {
  beginQuorumEpoch,
  brokerId,
  type BrokerSettings,
  type Controller,
  endQuorumEpoch,
  type ErrorName,
  errorName,
  fetch,
  type Files,
  metadataTopic,
  metadataTopicId,
  newController,
  stepController,
  type Uuid,
  uuid,
  vote,
} from "#core";
import { clusterId, settings } from "./controller-node.ts";
import { memoryFiles } from "./memory-files.ts";
import { type Talk, TestNode } from "./test-node.ts";

/** The disk that a voter was set up with. */
export const directoryOf = (id: number): Uuid =>
  uuid(`00000000-0000-4000-a000-${String(id).padStart(12, "0")}`);

const voters = [101, 102, 103, 104, 105].map((id) => ({
  id: brokerId(id),
  directory: directoryOf(id),
  endpoint: { host: `c${id - 100}`, port: 9093 },
}));

export interface QuorumNode {
  readonly node: TestNode<Controller>;
  readonly talk: Talk;
}

/** Controller 101 of `size` on what `files` hold; `wiped`: it lost the disk that it was set up with. */
export function quorumNode(
  files: Files = memoryFiles(),
  more: Partial<BrokerSettings> = {},
  wiped = false,
  size: 3 | 5 = 3,
): QuorumNode {
  const config = {
    nodeId: brokerId(101),
    clusterId,
    endpoint: { host: "c1", port: 9093 },
    voters: voters.slice(0, size),
    directory: wiped ? undefined : directoryOf(101),
    settings: settings(more),
  };
  const node = new TestNode(newController(config), stepController, files);
  node.onConnect = ({ connection }) =>
    node.feed({ type: "opened", connection, remote: { host: "x", port: 1 } });
  node.feed({ type: "started" });
  return { node, talk: node.connect() };
}

/** What it is in its quorum now. */
export function standing({ node }: QuorumNode) {
  const { role, epoch, leader, voted } = node.state.quorum;
  return { role: role.type, epoch, leader, voted: voted?.id ?? -1 };
}

export interface Candidacy {
  readonly candidate?: number;
  readonly epoch?: number;
  readonly end?: number;
  readonly lastEpoch?: number;
  readonly preVote?: boolean;
  readonly directory?: Uuid;
  readonly voterDirectory?: Uuid;
  readonly cluster?: string;
}

/** Asks for its vote. */
export function askVote(
  { talk }: QuorumNode,
  asked: Candidacy,
): { error: ErrorName; granted: boolean } {
  const candidateId = asked.candidate ?? 102;
  const answer = talk.call(vote, {
    clusterId: asked.cluster ?? clusterId,
    voterId: 101,
    topics: [
      {
        topicName: metadataTopic,
        partitions: [
          {
            partitionIndex: 0,
            candidateEpoch: asked.epoch ?? 1,
            candidateId,
            candidateDirectoryId: asked.directory ?? directoryOf(candidateId),
            voterDirectoryId: asked.voterDirectory ?? directoryOf(101),
            lastOffsetEpoch: asked.lastEpoch ?? 0,
            lastOffset: asked.end ?? 0,
            preVote: asked.preVote ?? false,
          },
        ],
      },
    ],
  });
  const partition = answer.topics[0]?.partitions[0];
  const code = partition?.errorCode ?? answer.errorCode;
  return { error: errorName(code), granted: partition?.voteGranted ?? false };
}

/** Another voter says that it leads. */
export function begin({ talk }: QuorumNode, leaderId: number, leaderEpoch: number): ErrorName {
  const partition = {
    partitionIndex: 0,
    voterDirectoryId: directoryOf(101),
    leaderId,
    leaderEpoch,
  };
  const answer = talk.call(beginQuorumEpoch, {
    clusterId,
    voterId: 101,
    topics: [{ topicName: metadataTopic, partitions: [partition] }],
    leaderEndpoints: [],
  });
  return errorName(answer.topics[0]?.partitions[0]?.errorCode ?? -1);
}

/** Its leader resigns, and names who should follow it. */
export function end(
  { talk }: QuorumNode,
  leaderId: number,
  leaderEpoch: number,
  heirs: number[],
): ErrorName {
  const preferredCandidates = heirs.map((candidateId) => ({
    candidateId,
    candidateDirectoryId: directoryOf(candidateId),
  }));
  const answer = talk.call(endQuorumEpoch, {
    clusterId,
    topics: [
      {
        topicName: metadataTopic,
        partitions: [{ partitionIndex: 0, leaderId, leaderEpoch, preferredCandidates }],
      },
    ],
    leaderEndpoints: [],
  });
  return errorName(answer.topics[0]?.partitions[0]?.errorCode ?? -1);
}

/** Requests to the other voters that are not answered yet. */
function open({ node }: QuorumNode, api: typeof vote) {
  return node.talks
    .filter(({ to, ended }) => to !== undefined && ended === undefined)
    .flatMap((talk) =>
      talk
        .requests(api)
        .slice(-1)
        .map((request) => ({ talk, ...request })),
    );
}

/** The others answer its candidacy, as far as it stands now. Returns what it had asked. */
export function answerVotes(
  quorum: QuorumNode,
  granted: boolean,
  from: readonly number[] = [102, 103],
) {
  const asked = open(quorum, vote);
  for (const { talk, label, body } of asked) {
    if (!from.includes(body.voterId)) continue;
    const { epoch } = quorum.node.state.quorum;
    const partition = {
      partitionIndex: 0,
      errorCode: 0,
      leaderId: -1,
      leaderEpoch: epoch,
      voteGranted: granted,
    };
    talk.reply(vote, label, {
      errorCode: 0,
      topics: [{ topicName: metadataTopic, partitions: [partition] }],
    });
  }
  return asked.map(({ body }) => body.topics[0]?.partitions[0]);
}

/** Lets it win an election. */
export function elect(quorum: QuorumNode): void {
  quorum.node.advance(2000);
  answerVotes(quorum, true);
  answerVotes(quorum, true);
}

export interface VoterFetch {
  readonly voter?: number;
  readonly epoch?: number;
  readonly lastEpoch?: number;
  readonly directory?: Uuid;
  readonly maxWaitMs?: number;
}

/** Another voter holds the log up to `offset`, and asks for more. */
export function fetchAs({ node }: QuorumNode, offset: number, asked: VoterFetch = {}) {
  const voter = asked.voter ?? 102;
  const { epoch } = node.state.quorum;
  const talk = node.connect();
  const answer = talk.answer(
    fetch,
    talk.ask(fetch, {
      clusterId,
      replicaState: { replicaId: voter, replicaEpoch: -1 },
      maxWaitMs: asked.maxWaitMs ?? 0,
      minBytes: 1,
      maxBytes: 1 << 20,
      topics: [
        {
          topicId: metadataTopicId,
          partitions: [
            {
              partition: 0,
              currentLeaderEpoch: asked.epoch ?? epoch,
              fetchOffset: offset,
              lastFetchedEpoch: asked.lastEpoch ?? (offset === 0 ? 0 : epoch),
              partitionMaxBytes: 1 << 20,
              replicaDirectoryId: asked.directory ?? directoryOf(voter),
            },
          ],
        },
      ],
      forgottenTopicsData: [],
    }),
  );
  return answer?.responses[0]?.partitions[0];
}
