// The named scenarios as stories: golden transcripts, meant to be read; a change in one is reviewed as a diff.
import { describe, expect, test } from "vitest";
import {
  type Judgement,
  judge,
  library,
  type Scenario,
  type TraceEvent,
  transcriptOf,
  untold,
} from "#sim";

const survives = "acknowledged-survives";

interface Told {
  readonly lines: readonly string[];
  readonly verdict: Judgement;
}

function told(scenario: Scenario, claim?: string): Told {
  const events: TraceEvent[] = [];
  const { judgements } = judge(scenario, { claim, listener: (event) => void events.push(event) });
  const verdict = judgements.find(({ id }) => id === survives);
  if (verdict === undefined) throw new Error(`${survives} was not judged`);
  return { lines: transcriptOf(scenario, events, verdict), verdict };
}

const scenarioOf = (name: string): Scenario => {
  const make = library.get(name);
  if (make === undefined) throw new Error(`there is no scenario ${name}`);
  return make();
};

/** What each of them switches off, and how many faults it takes. */
const losing = [
  ["acks-1", "acks-all"],
  ["unclean-election", "clean-election"],
  ["blackout", "isr-survivor"],
] as const;

test.each([...library.keys()].filter((name) => !untold.includes(name)))(
  "%s tells the story that is written down",
  async (name) => {
    const claim = losing.some(([one]) => one === name) ? survives : undefined;
    const { lines } = told(scenarioOf(name), claim);
    expect(lines.length).toBeLessThanOrEqual(60);
    expect(lines.at(-1)).toMatch(/^[✗✓] (broken|holds) acknowledged-survives: /);
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`${name}.expected.txt`);
  },
);

describe.each(losing)("%s", (name, precondition) => {
  const scenario = scenarioOf(name);

  test(`loses an acknowledged record because ${precondition} is off, and for no other reason`, () => {
    const claimed = told(scenario, survives).verdict;
    expect(claimed).toMatchObject({ standing: "broken", promised: true, holds: false });
    expect(claimed.broke?.off).toEqual([precondition]);
    expect(told(scenario).verdict).toMatchObject({
      standing: "notPromisedBroken",
      promised: false,
      precondition: [precondition],
    });
  });

  test("takes at most four faults and names the seed that the search found", () => {
    expect(scenario.faults.length).toBeLessThanOrEqual(4);
    expect(scenario.about).toContain(`seed ${scenario.seed}.`);
  });
});

test.each(["first-light", "steady"])("%s promises all and keeps it", (name) => {
  const { judgements } = judge(scenarioOf(name));
  for (const { standing, exempt, checked } of judgements) {
    expect({ standing, exempt }).toEqual({ standing: "held", exempt: 0 });
    expect(checked).toBeGreaterThan(0);
  }
});
