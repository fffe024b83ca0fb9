import { parentPort } from "node:worker_threads";
import type { FlawId } from "#core";
import { familiesOf, findStory, flawShown, rowOf, type Scenario } from "#sim";

/** One start of a search for one flaw. */
export interface Search {
  readonly id: FlawId;
  readonly from: number;
  readonly most: number;
  /** Also make this start's seeds into a story. */
  readonly story: boolean;
}

/** What it came to. `seeds`: how many were looked at, the one that shows it included; undefined: none did. */
export interface Searched {
  readonly id: FlawId;
  readonly from: number;
  readonly seeds: number | undefined;
  readonly guarantee: string | undefined;
  readonly story: Scenario | undefined;
}

parentPort?.on("message", (search: Search) => parentPort?.postMessage(searchOne(search)));

/** Of how many seeds that show a flaw the shortest story is kept. */
const stories = 3;

function searchOne({ id, from, most, story }: Search): Searched {
  const row = rowOf(id);
  const drawn = row === undefined ? [] : familiesOf(row);
  for (let i = 0; row !== undefined && i < most; i++) {
    const [, draw] = drawn[i % drawn.length] ?? [];
    const shown = draw === undefined ? undefined : flawShown(draw(String(from + i)), row);
    if (shown === undefined) continue;
    const kept = story ? findStory(row, drawn, most, stories) : undefined;
    return { id, from, seeds: i + 1, guarantee: shown.guarantee, story: kept };
  }
  return { id, from, seeds: undefined, guarantee: undefined, story: undefined };
}
