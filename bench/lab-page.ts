/* The built pages, served on a free port, in a Chromium of their own. */
import { type Browser, type Page, chromium } from "playwright-core";
import { build, preview } from "vite";

const root = process.cwd();

/** Builds, serves, and hands over a browser and the address of the lab; cleans up whatever happens. */
export async function inBrowser(
  measure: (browser: Browser, lab: string) => Promise<void>,
): Promise<void> {
  await build({ root, logLevel: "error" });
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  const server = await preview({
    root,
    logLevel: "warn",
    preview: { host: "127.0.0.1", port: 0, strictPort: false },
  });
  const args = ["--no-sandbox", "--disable-gpu", "--enable-precise-memory-info"];
  const browser = await chromium.launch({ executablePath, args });
  try {
    const address = server.httpServer.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await measure(browser, `http://127.0.0.1:${port}/`);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** A page of the size that the design is drawn for. */
export async function openPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  // The loader of these files names functions by a helper that no page has.
  await page.addInitScript("globalThis.__name = (made) => made");
  return page;
}

/** In the page: the run that is shown is whole. */
export const isWhole = (): boolean => {
  const lab = document.querySelector("#lab")?.shadowRoot;
  return /^[0-9a-f]{8,}$/.test(lab?.querySelector(".fingerprint")?.textContent ?? "");
};
