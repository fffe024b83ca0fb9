import { expect, test } from "vitest";
import {
  type Audit,
  auditCheckers,
  beginCheckers,
  guarantees,
  judgements,
  runScenario,
  stepCheckers,
} from "#sim";
import { fromLibrary } from "../../support/library-runs.ts";

test.each(["unclean-election", "blackout"])(
  "guarantees that share the bookkeeping of copies judge as each does with its own: %s",
  (name) => {
    const scenario = fromLibrary(name);
    const shared = beginCheckers(scenario);
    const apart = new Map(guarantees.map((one) => [one.id, one.begin(scenario)]));
    const all = [shared, apart];
    runScenario(scenario, {
      traffic: true,
      auditor: (audit: Audit) => all.forEach((checkers) => auditCheckers(checkers, audit)),
      listeners: [(event) => all.forEach((checkers) => stepCheckers(checkers, event))],
    });
    expect(judgements(shared)).toEqual(judgements(apart));
    expect(judgements(shared).some(({ broke }) => broke !== undefined)).toBe(true);
  },
);
