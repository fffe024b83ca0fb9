/*
 * Takes the pictures in docs/screens: each moment at every size and in both themes, from the built page in Chromium.
 *
 *     npm run screens                all of them
 *     npm run screens -- unclean     one moment
 */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../support/chromium.ts";
import { wholeHash } from "../support/lab-page.ts";
import { servePages } from "../support/pages.ts";
import { type Size, type Theme, sizes, themes } from "../support/sizes.ts";
import { type Moment, fileName, moments } from "./moments.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const folder = join(root, "docs", "screens");

async function take(
  browser: Browser,
  address: string,
  moment: Moment,
  size: Size,
  colorScheme: Theme,
): Promise<Buffer> {
  const page = await browser.newPage({ viewport: size, colorScheme, hasTouch: size.width < 760 });
  // A machine that does other things as well takes its time.
  page.setDefaultTimeout(180_000);
  // The loader of these files names functions by a helper that no page has.
  await page.addInitScript("globalThis.__name = (made) => made");
  await page.goto(address + moment.link);
  await wholeHash(page);
  if (moment.isGrey === true) {
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setEmulatedVisionDeficiency", { type: "achromatopsia" });
  }
  // A halo tells for a second what has just changed.
  await page.waitForTimeout(1500);
  const picture = await page.screenshot();
  await page.close();
  return picture;
}

const asked = process.argv.slice(2);
const wanted = moments.filter(({ name }) => asked.length === 0 || asked.includes(name));
if (wanted.length === 0)
  throw new RangeError(`there are ${moments.map(({ name }) => name).join(", ")}`);
const { address, close } = await servePages();
const browser = await launchBrowser();
try {
  await mkdir(folder, { recursive: true });
  for (const moment of wanted)
    for (const size of sizes)
      for (const theme of themes) {
        const name = fileName(size, theme, moment);
        await writeFile(join(folder, name), await take(browser, address, moment, size, theme));
        console.log(`docs/screens/${name}`);
      }
} finally {
  await browser.close();
  await close();
}
