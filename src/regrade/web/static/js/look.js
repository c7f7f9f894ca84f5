// A page with one image to look at.

import { Viewer } from "./viewer.js";

for (const stage of document.querySelectorAll("[data-stage]")) {
  new Viewer(stage);
}
