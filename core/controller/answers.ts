/*
 * What other controllers answered. An answer to a question of another epoch or role is decoded and dropped: it speaks of
 * what is over.
 */
import type { Turn } from "../foundation/turn.ts";
import { beginQuorumEpoch } from "../wire/api/begin-quorum-epoch.ts";
import { endQuorumEpoch } from "../wire/api/end-quorum-epoch.ts";
import { fetchSnapshot } from "../wire/api/fetch-snapshot.ts";
import { fetch } from "../wire/api/fetch.ts";
import { vote } from "../wire/api/vote.ts";
import {
  type Answer,
  channelOverdue,
  channelTimer,
  dropChannel,
  type Pending,
  readAnswer,
  takeAnswers,
} from "../wire/channel.ts";
import type { ConnectionId } from "../foundation/ids.ts";
import { onBegun, onEnded } from "./quorum/announcing.ts";
import { onQuorumFetched, onSnapshotFetched } from "./quorum/following.ts";
import { restPeer } from "./quorum/peers.ts";
import type { VoterConfig } from "./quorum/state.ts";
import { onVoted } from "./quorum/voting.ts";
import type { Controller, Peer, QuorumPurpose } from "./state.ts";

/** The peer behind a connection that this controller opened. */
export function peerOn(self: Controller, connection: ConnectionId): Peer | undefined {
  const name = self.channels.get(connection);
  if (name === undefined) return undefined;
  for (const peer of self.peers.values()) if (peer.channel.name === name) return peer;
  return undefined;
}

/** Bytes came in on a connection that this controller opened. */
export function onAnswerBytes(self: Controller, peer: Peer, bytes: Uint8Array, turn: Turn): void {
  const maxBytes = self.config.settings["socket.request.max.bytes"];
  const sound = takeAnswers(peer.channel, bytes, maxBytes, turn, (pending, answer) =>
    settle(self, peer, pending, answer, turn),
  );
  if (!sound) losePeer(self, peer, true, turn);
}

/** The connection is gone, or is given up: what was asked on it will not be answered. */
export function losePeer(self: Controller, peer: Peer, close: boolean, turn: Turn): void {
  dropChannel(self, peer.channel, close, turn);
  restPeer(self, peer, turn);
}

/** A timer of one of the connections fired; false if it is none of theirs. */
export function onPeerTimer(self: Controller, timer: string, turn: Turn): boolean {
  for (const peer of self.peers.values()) {
    if (channelTimer(peer.channel) !== timer) continue;
    if (channelOverdue(peer.channel, turn)) losePeer(self, peer, true, turn);
    return true;
  }
  return false;
}

function settle(
  self: Controller,
  peer: Peer,
  { purpose }: Pending<QuorumPurpose>,
  answer: Answer<QuorumPurpose>,
  turn: Turn,
): void {
  const voter = self.config.voters.find(({ id }) => id === peer.id);
  const isCurrent = purpose.epoch === self.quorum.epoch && voter !== undefined;
  const taken = <T>(body: T | undefined, then: (voter: VoterConfig, body: T) => void): void => {
    if (body !== undefined && isCurrent) then(voter, body);
  };
  switch (purpose.type) {
    case "prospective":
    case "candidate": {
      const isAsking = self.quorum.role.type === purpose.type;
      return taken(readAnswer(vote, answer), (of, body) => {
        if (isAsking) onVoted(self, of, body, turn);
      });
    }
    case "begin":
      return taken(readAnswer(beginQuorumEpoch, answer), (of, body) =>
        onBegun(self, of, body, turn),
      );
    case "end":
      return taken(readAnswer(endQuorumEpoch, answer), (of, body) => onEnded(self, of, body, turn));
    case "snapshot":
      return taken(readAnswer(fetchSnapshot, answer), (_, body) =>
        onSnapshotFetched(self, peer, body, turn),
      );
    case "fetch":
      return taken(readAnswer(fetch, answer), (_, body) => onQuorumFetched(self, peer, body, turn));
  }
}
