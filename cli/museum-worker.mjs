// A worker thread begins without the loader of its parent, so it brings its own.
import { register } from "tsx/esm/api";

register();
await import("./museum-worker.ts");
