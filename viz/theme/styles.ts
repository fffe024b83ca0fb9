/* The lab's style sheets as one text: they go into a shadow root, and a test in Node can do without them. */
import dialogs from "./dialogs.css?inline";
import embedding from "./embedding.css?inline";
import inspector from "./inspector.css?inline";
import lab from "./lab.css?inline";
import look from "./look.css?inline";
import marks from "./marks.css?inline";
import panels from "./panels.css?inline";
import share from "./share.css?inline";
import spaceTime from "./space-time.css?inline";
import tokens from "./tokens.css?inline";

const sheets = [tokens, lab, panels, inspector, look, dialogs, share, embedding, marks, spaceTime];

export const styles: string = sheets.join("\n");
