/*
 * Before the browser tests: builds the lab and the deck unless what is in dist/ is fresh, and serves them on a free
 * port. After them: stops serving.
 */
import type { TestProject } from "vitest/node";
import { preview } from "vite";
import { buildAll } from "../../scripts/build.mjs";
import { root } from "../../scripts/bootstrap.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** The address of the built pages, with no slash at its end: the lab is at `/`, the deck at `/slides/`. */
    pages: string;
  }
}

/** Builds the pages and serves them. */
export async function servePages(): Promise<{ address: string; close: () => Promise<void> }> {
  const built = buildAll();
  if (!built.ok) throw new Error(`the pages could not be built:\n${built.output}`);
  const server = await preview({
    root,
    logLevel: "warn",
    preview: { host: "127.0.0.1", port: 0, strictPort: false },
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === "string") throw new Error("the pages have no port");
  return { address: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { address, close } = await servePages();
  project.provide("pages", address);
  return close;
}
