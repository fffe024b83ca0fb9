import { expect, test } from "vitest";
import { pagesBeside } from "../../../viz/panels/help-words.ts";

test("slides and gallery lie beside the page that is served, below whatever folder", () => {
  const below = (address: string): string[] => pagesBeside(address).map(({ href }) => href);
  expect(below("http://localhost:4173/")).toEqual(["/slides/", "/gallery/"]);
  expect(below("https://one.org/lab/index.html#scenario=acks-1")).toEqual([
    "/lab/slides/",
    "/lab/gallery/",
  ]);
});

test("nothing lies beside a page of one file, or one that is opened from the disk", () => {
  expect(pagesBeside("https://one.org/highwater.html")).toEqual([]);
  expect(pagesBeside("file:///tmp/highwater.html")).toEqual([]);
  expect(pagesBeside("file:///tmp/index.html")).toEqual([]);
});
