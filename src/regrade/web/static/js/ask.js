// Asks once more before an image is called problematic, over the image itself.

import { button } from "./banner.js";

// The first call asks; the second, or a click on Yes, does it.
export function askProblematic(form, act) {
  if (form.querySelector(".ask")) {
    act();
    return;
  }
  const row = document.createElement("div");
  row.className = "ask row";
  row.role = "alert";
  const text = document.createElement("span");
  text.textContent = "Problematic: nobody could judge this image. Sure?";
  row.append(text, button("Yes", act, "4"), button("No", () => row.remove(), "Esc"));
  form.querySelector("[data-stage]").append(row);
}

// Whether there was a question to take back.
export function dropQuestion(form) {
  const row = form.querySelector(".ask");
  row?.remove();
  return Boolean(row);
}
