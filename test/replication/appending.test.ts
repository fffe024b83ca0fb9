// What a leader takes from a producer that it does not know.
import { expect, test } from "vitest";
import { appendFromClient } from "../../core/replication/appending.ts";
import { batchOf, lead, newReplica } from "../support/replicas.ts";
import { turnAt } from "../support/turns.ts";

function leader() {
  const replica = newReplica(1);
  lead(replica, 1, [1]);
  const append = (value: string, more: Parameters<typeof batchOf>[1]) =>
    appendFromClient(replica.partition, batchOf([value], more), turnAt(replica.files, 0));
  return append;
}

test("where nothing was ever written, a producer has to begin with its first record (KAFKA-15591)", () => {
  const append = leader();
  const refused = { ok: false, error: "OUT_OF_ORDER_SEQUENCE_NUMBER" };
  expect(append("late", { producer: 5, sequence: 1 })).toEqual(refused);
  expect(append("first", { producer: 5, sequence: 0 })).toMatchObject({ ok: true, base: 0 });
  expect(append("late", { producer: 5, sequence: 1 })).toMatchObject({ ok: true, base: 1 });
});

test("where something was, it may begin anywhere: what is known of it may have expired (KIP-360)", () => {
  const append = leader();
  expect(append("of nobody", {})).toMatchObject({ ok: true });
  expect(append("later", { producer: 5, sequence: 7 })).toMatchObject({ ok: true, base: 1 });
});
