import { benchFetchCodec } from "./fetch-codec.ts";

await benchFetchCodec();
