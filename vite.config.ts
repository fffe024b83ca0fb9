import { fileURLToPath } from "node:url";
import { type Plugin, defineConfig } from "vite";
import { treeshake } from "./scripts/tree-shaking.mjs";

const page = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Pages of `viz` beside the lab, each served under its folder's name. */
const beside = ["embed", "gallery"];

/** The lab lives in `viz/index.html` and is served at `/`, so that a link is short; the deck is at `/slides/`. */
function labAtRoot(): Plugin {
  const rewrite = (request: { url?: string | undefined }, _: unknown, next: () => void): void => {
    const { pathname, search } = new URL(request.url ?? "", "http://localhost");
    const [, folder = ""] = /^\/(?:(\w+)\/)?(?:index\.html)?$/.exec(pathname) ?? [];
    if (pathname === "/" || pathname === "/index.html") request.url = `/viz/index.html${search}`;
    else if (beside.includes(folder)) request.url = `/viz/${folder}/index.html${search}`;
    next();
  };
  return {
    name: "lab-at-root",
    enforce: "post",
    // What the page names relative to its own folder is found from `/` as well.
    transformIndexHtml: {
      order: "pre",
      handler: (html, { path }) =>
        path.startsWith("/viz/")
          ? html.replaceAll('="./', `="${path.slice(0, path.lastIndexOf("/") + 1)}`)
          : html,
    },
    configureServer: (server) => void server.middlewares.use(rewrite),
    generateBundle(_options, bundle) {
      const lab = bundle["viz/index.html"];
      if (lab !== undefined) lab.fileName = "index.html";
      for (const name of beside) {
        const page = bundle[`viz/${name}/index.html`];
        if (page !== undefined) page.fileName = `${name}/index.html`;
      }
    },
  };
}

export default defineConfig({
  plugins: [labAtRoot()],
  build: {
    target: "es2023",
    rollupOptions: {
      treeshake,
      input: {
        lab: page("./viz/index.html"),
        deck: page("./slides/index.html"),
        embed: page("./viz/embed/index.html"),
        gallery: page("./viz/gallery/index.html"),
        "highwater-sim": page("./viz/embed/highwater-sim.ts"),
      },
      output: {
        // Others name it in their pages.
        entryFileNames: ({ name }) =>
          name === "highwater-sim" ? "highwater-sim.js" : "assets/[name]-[hash].js",
      },
    },
  },
  worker: { format: "es", rollupOptions: { treeshake } },
  server: { host: "localhost", port: 4173, strictPort: true },
  preview: { host: "localhost", port: 4173, strictPort: true },
});
