// The class of a proposal: found while its name is typed, chosen by key or click, and sent by its id.

import { ClassSearch } from "./search.js";

const form = document.querySelector("[data-propose]");

if (form) {
  const text = form.elements.namedItem("class");
  const id = form.elements.namedItem("class_id");
  const chosen = form.querySelector("[data-chosen]");

  new ClassSearch(form.querySelector(".class-search"), (row) => {
    text.value = row.name;
    id.value = row.class_id;
    chosen.textContent = row.definition ? `${row.key}: ${row.definition}` : row.key;
    form.elements.namedItem("reason").focus();
  });

  text.addEventListener("input", () => {
    id.value = "";
    chosen.textContent = "";
  });
}
