// A process of its own that prints the hashes of the seeds it is given.
import { hashesOf } from "./hashes.ts";

console.log(JSON.stringify(hashesOf(process.argv.slice(2))));
