// What a page loads to have <highwater-sim>.
import { defineElement } from "../element.ts";

defineElement();
