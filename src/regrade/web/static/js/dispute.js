// One item under adjudication: a key decides each class, a reason is asked, Enter sends it.

import { Cards } from "./cards.js";
import { ClassSearch } from "./search.js";
import { Strips } from "./strip.js";
import { Viewer } from "./viewer.js";

const form = document.querySelector("[data-dispute]");
const also = document.getElementById("also");
const reason = document.getElementById("reason");
const problematic = form.querySelector('[name="problematic"]');
const viewer = new Viewer(form.querySelector("[data-stage]"));
const strips = new Strips(form);
const cards = new Cards(form, { onDone: () => reason.focus(), isNeeded: (card) => card.hasAttribute("data-required") });
const search = also && problematic ? new ClassSearch(also, (row) => cards.add(row)) : null;

const KEYS = {
  4: () => {
    if (problematic) {
      problematic.checked = !problematic.checked;
      reason.focus();
    }
  },
  "+": () => search?.open(),
  "=": () => search?.open(),
  f: () => form.classList.toggle("full"),
  z: () => viewer.step(),
  n: () => reason.focus(),
  ArrowUp: () => cards.move(-1),
  ArrowDown: () => cards.move(1),
  ArrowLeft: () => strips.walk(cards.active, -1),
  ArrowRight: () => strips.walk(cards.active, 1),
  " ": () => strips.toggleIn(cards.active),
  Backspace: () => cards.stepBack(),
  Enter: () => reason.focus(),
  Escape: () => (strips.open ? strips.hide() : form.classList.remove("full")),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) {
    return;
  }
  if (event.target === reason) {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Escape") {
      cards.activate(cards.active ?? cards.all[0]);
    }
    return;
  }
  if (event.target.closest("button, a, summary") && (event.key === "Enter" || event.key === " ")) {
    return;
  }
  if (!cards.press(event.key)) {
    const command = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
    if (!command) {
      return;
    }
    command();
  }
  event.preventDefault();
});

form.querySelector('[data-command="also"]')?.addEventListener("click", () => search.open());

// Every disputed class needs a decision, unless the whole item is problematic.
form.addEventListener("submit", (event) => {
  if (!problematic?.checked && !cards.isDone) {
    event.preventDefault();
    cards.activate(cards.unanswered[0]);
  }
});

cards.start();
