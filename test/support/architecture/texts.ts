// What holds for every text of the checkout, whatever language it is in.
import type { Complaint, SourceFile } from "./source.ts";

const longest = 500;

/** Complains of a file that is too long to be read in one go. */
export function lengthComplaints(file: SourceFile): Complaint[] {
  const lines = file.text.split("\n").length - (file.text.endsWith("\n") ? 1 : 0);
  return lines > longest ? [`${file.path} has ${lines} lines, more than ${longest}`] : [];
}

const privateThings: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w.:/~])\/(?:home|root|work|farm|Users)\/\w/, "names a path of one machine"],
  [/https?:\/\/[\w.-]*(?:registry|artifactory|nexus|mirror)[\w.-]*/i, "names a package registry"],
  [/"resolved": *"/, "names where a package came from"],
  [/https?:\/\/(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d/, "names a private address"],
];

/** Complains of what belongs to one machine or network and not to the project. */
export function privacyComplaints(file: SourceFile): Complaint[] {
  return file.text
    .split("\n")
    .flatMap((line, index) =>
      privateThings
        .filter(([pattern]) => pattern.test(line))
        .map(([, sentence]) => `${file.path}:${index + 1} ${sentence}`),
    );
}
