import { describe, expect, test } from "vitest";
import { fragmentOf, library, linkOf, parseLink, runFragment, type Scenario } from "#sim";

const named = library.get("first-light")?.();
if (named === undefined) throw new Error("there is no scenario first-light");
const own: Scenario = { ...named, name: "mine", seed: "ä 5&=#" };

describe("a link", () => {
  test.each([named, own])("of $name holds the moment, and what the run came to", (scenario) => {
    const moment = {
      atMs: 5003.25,
      selected: 812,
      view: { tab: "why", windows: [["orders-0", 12]] },
      outcome: { hash: "0123456789abcdef", broke: ["acknowledged-survives", "producer-order"] },
    };
    expect(parseLink(linkOf(scenario, moment))).toEqual({ scenario, ...moment });
    expect(parseLink(linkOf(scenario))).toEqual({ scenario });
    const held = { hash: "0123456789abcdef", broke: [] };
    expect(parseLink(linkOf(scenario, { outcome: held })).outcome).toEqual(held);
  });

  test("of earlier days still opens", () => {
    expect(parseLink("http://localhost:4173/#scenario=first-light&seed=7&t=3000")).toEqual({
      scenario: { ...named, seed: "7" },
      atMs: 3000,
    });
    expect(parseLink(`${runFragment(own)}&t=3000`)).toEqual({ scenario: own, atMs: 3000 });
  });

  test("may name the run by short names, for whoever types it", () => {
    const short = "#s=first-light&seed=7&t=3000";
    expect(parseLink(short)).toEqual({ scenario: { ...named, seed: "7" }, atMs: 3000 });
    expect(parseLink(runFragment(own).replace("#run=", "#x="))).toEqual({ scenario: own });
  });

  test("with parts of a later version opens without them", () => {
    expect(parseLink(`${fragmentOf(named)}&later=1`)).toEqual({ scenario: named });
  });

  test.each([
    ["sel=-1", "link.sel: -1 is no event; expected a whole number from 0 on"],
    ["sel=", "link.sel:  is no event; expected a whole number from 0 on"],
    ["hash=xyz", "link.hash: xyz is no hash; expected 16 hexadecimal digits"],
    ["v=abc", "link.v: it is no packed view (was the link cut?)"],
    ["t=soon", "link.t: soon is no time; expected milliseconds from 0 on, such as 5000"],
  ])("with %s says what is wrong", (part, problem) => {
    expect(() => parseLink(`${fragmentOf(named)}&${part}`)).toThrow(problem);
  });

  test("that was cut says so", () => {
    const link = linkOf(own);
    expect(() => parseLink(link.slice(0, -40))).toThrow(
      "link.run: it is no packed scenario (was the link cut?)",
    );
  });
});
