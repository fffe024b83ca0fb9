import { benchFetchCodec } from "./fetch-codec.ts";
import { benchWorld } from "./world.ts";

benchWorld();
await benchFetchCodec();
