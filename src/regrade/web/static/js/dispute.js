// One item under adjudication: a key decides each class, a reason is asked, Enter sends it.

import { Cards } from "./cards.js";
import { FullView } from "./full.js";
import { ClassSearch } from "./search.js";
import { Strips } from "./strip.js";
import { SIDES, Viewer } from "./viewer.js";

const form = document.querySelector("[data-dispute]");
const also = document.getElementById("also");
const keys = document.getElementById("keys");
const reason = document.getElementById("reason");
const problematic = form.querySelector('[name="problematic"]');
const missing = form.querySelector("[data-missing]");
const viewer = new Viewer(form.querySelector("[data-stage]"));
const strips = new Strips(form);
const cards = new Cards(form, {
  onDone: () => reason.focus(),
  onChange: () => full.tell(),
  onActive: () => full.tell(),
  isNeeded: (card) => card.hasAttribute("data-required"),
});
const full = new FullView(form, cards);
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
  "?": () => keys.showModal(),
  f: () => full.toggle(),
  z: () => shownViewer().step(),
  g: () => openGuide(),
  n: () => reason.focus(),
  ArrowUp: () => cards.move(-1),
  ArrowDown: () => cards.move(1),
  ArrowLeft: () => strips.walk(cards.active, -1),
  ArrowRight: () => strips.walk(cards.active, 1),
  " ": () => strips.toggleIn(cards.active),
  Backspace: () => cards.stepBack(),
  Enter: () => tellMissing(cards.unanswered) || reason.focus(),
  Escape: () => (strips.open ? strips.hide() : full.set(false)),
};

// Of the example that is shown large, or of the image itself.
function shownViewer() {
  return strips.viewer ?? viewer;
}

function openGuide() {
  const guide = cards.active?.querySelector("details.guide");
  if (guide) {
    guide.open = !guide.open;
    guide.scrollIntoView({ block: "nearest" });
  }
}

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
  if (event.shiftKey && SIDES[event.key]) {
    shownViewer().pan(...SIDES[event.key]);
  } else if (!cards.press(event.key)) {
    const command = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
    if (!command) {
      return;
    }
    command();
  }
  event.preventDefault();
});

form.querySelector('[data-command="keys"]').addEventListener("click", () => keys.showModal());
form.querySelector('[data-command="also"]')?.addEventListener("click", () => search.open());

// Every disputed class needs a decision, unless the whole item is problematic; and all of it a reason.
form.noValidate = true; // what is missing is said here, in our words
form.addEventListener("submit", (event) => {
  if (tellMissing(cards.unanswered) || tellReason()) {
    event.preventDefault();
  }
});
form.addEventListener("change", () => say(""));
reason.addEventListener("input", () => say(""));

function say(text) {
  missing.textContent = text;
  missing.hidden = !text;
}

// Whether a class is undecided: then it says which, and goes to the first of them.
function tellMissing(unanswered) {
  if (problematic?.checked || !unanswered.length) {
    return false;
  }
  const names = unanswered.map((card) => card.querySelector(".card-name").textContent).join(", ");
  say(problematic ? `Not decided yet: ${names}. Choose correct, unclear or wrong.` : `Choose a category and a severity: ${names}.`);
  cards.activate(unanswered[0]);
  return true;
}

function tellReason() {
  if (reason.value.trim()) {
    return false;
  }
  say("A reason is missing: say in a few words why.");
  reason.focus();
  return true;
}

cards.start();
