/* The lab's style sheets as one text: they go into a shadow root, and a test in Node can do without them. */
import bar from "./bar.css?inline";
import debug from "./debug.css?inline";
import dialogs from "./dialogs.css?inline";
import embedding from "./embedding.css?inline";
import inspector from "./inspector.css?inline";
import lab from "./lab.css?inline";
import look from "./look.css?inline";
import many from "./many.css?inline";
import marks from "./marks.css?inline";
import nodeStates from "./node-states.css?inline";
import palette from "./palette.css?inline";
import panels from "./panels.css?inline";
import phoneBar from "./phone-bar.css?inline";
import phone from "./phone.css?inline";
import phoneSpaceTime from "./phone-space-time.css?inline";
import share from "./share.css?inline";
import spaceTime from "./space-time.css?inline";
import teach from "./teach.css?inline";
import tokens from "./tokens.css?inline";
import wide from "./wide.css?inline";

/** What comes later wins: forms of the lab by its size and density come after what all of them share. */
const shared = [
  tokens,
  lab,
  panels,
  bar,
  inspector,
  look,
  dialogs,
  share,
  marks,
  palette,
  many,
  spaceTime,
];
const forms = [wide, teach, debug, phone, phoneBar, phoneSpaceTime, nodeStates, embedding];

export const styles: string = [...shared, ...forms].join("\n");
