// What a sweep writes down: each way in which a promise breaks, once.
import { expect, test } from "vitest";
import { templateOf } from "../../cli/sweep-findings.ts";

test("two sentences that differ in names and numbers are one way of breaking", () => {
  const lost = (record: string, offset: number, partition: string, ms: string) =>
    `${record} was acknowledged (acks=all) at offset ${offset} of ${partition} at ${ms} ms; after the heal nothing is there.`;
  expect(templateOf(lost("p1-17", 4, "orders-0", "2012.5"))).toBe(
    "# was acknowledged (acks=all) at offset # of # at # ms; after the heal nothing is there.",
  );
  expect(templateOf(lost("p2-3", 11, "spare-2", "800"))).toBe(
    templateOf(lost("p1-17", 4, "orders-0", "2012.5")),
  );
  expect(templateOf("nobody leads orders-0, nobody leads orders-1")).toBe("nobody leads #");
});

test("what another record stands in for is another way than what is missing", () => {
  const sentence = (instead: string) =>
    `p1-1 was acknowledged (acks=all) at offset 0 of orders-0 at 5 ms; after the heal ${instead}.`;
  expect(templateOf(sentence("p1-9 stands there"))).not.toBe(
    templateOf(sentence("nothing is there")),
  );
});
