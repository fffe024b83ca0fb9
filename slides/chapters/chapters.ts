// The deck's chapters in the order in which they are told.
import coreConcepts from "./core-concepts.html?raw";
import guarantees from "./guarantees.html?raw";
import opening from "./opening.html?raw";
import yours from "./yours.html?raw";

/** Slides as HTML, a chapter each. */
export const chapters: readonly string[] = [opening, coreConcepts, guarantees, yours];
