import { benchCheckpoints } from "./checkpoints.ts";
import { benchDrawnRuns } from "./drawn.ts";
import { benchFetchCodec } from "./fetch-codec.ts";
import { benchFrames } from "./frames.ts";
import { benchPage } from "./page.ts";
import { benchScaling } from "./scaling.ts";
import { benchSeek } from "./seek.ts";
import { benchWorld } from "./world.ts";

/** Each by name, so that one can be asked for alone: `npm run bench scaling`. */
const benches: Readonly<Record<string, () => void | Promise<void>>> = {
  world: benchWorld,
  drawn: benchDrawnRuns,
  scaling: benchScaling,
  checkpoints: benchCheckpoints,
  fetch: benchFetchCodec,
  page: benchPage,
  seek: benchSeek,
  frames: benchFrames,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(
    `no bench is named ${unknown.join(", ")}; there are ${Object.keys(benches).join(", ")}`,
  );
  process.exitCode = 2;
} else {
  for (const [name, bench] of Object.entries(benches)) {
    if (asked.length === 0 || asked.includes(name)) await bench();
  }
}
