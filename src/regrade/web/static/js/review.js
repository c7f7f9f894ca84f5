// The review page: answer by key, save in the background, show the next screen at once.

import { askProblematic, dropQuestion } from "./ask.js";
import { button, hideBanner, link, showBanner } from "./banner.js";
import { Cards } from "./cards.js";
import { Contents } from "./contents.js";
import { restoreDraft, saveDraft } from "./drafts.js";
import { FullView } from "./full.js";
import { Guide } from "./guide.js";
import { Hint } from "./hint.js";
import { measureNextImage } from "./marks.js";
import { newKey, Outbox, post, readError } from "./outbox.js";
import { describePace, recordPace, Stopwatch } from "./pace.js";
import { Queue } from "./queue.js";
import { ClassSearch } from "./search.js";
import { Strips } from "./strip.js";
import { SIDES, Viewer } from "./viewer.js";

const base = document.getElementById("main").dataset.base;
const keys = document.getElementById("keys");
const also = document.getElementById("also");
const answered = new Set();
let current = null;
let saved = "";
let pressed = 0;

const outbox = new Outbox(document.body.dataset.user, { onSaved, onTrouble, onClear: () => hideBanner() && fetchAgain() });
const search = also ? new ClassSearch(also, (row) => current?.cards.add(row)) : null;
const hint = new Hint(document.body.dataset.user);
const guide = new Guide(document.getElementById("guide"));
const queue = new Queue(document.getElementById("queue"), base, {
  isAnswered: (screen) => answered.has(screen) || outbox.holds(screen),
  onArrive,
  onEnded: () => onTrouble({ kind: "session" }),
});

// ---- screens ----

function show(form) {
  close();
  queue.show(form);
  const cards = new Cards(form, { onDone: submit, onChange, onActive });
  const stage = form.querySelector("[data-stage]");
  const watch = new Stopwatch(form.dataset.screen);
  current = { form, cards, strips: new Strips(form), viewer: new Viewer(stage), watch };
  current.contents = form.querySelector(".letter") ? new Contents(form, cards) : null;
  current.full = new FullView(form, cards);
  if (restoreDraft(form, cards)) {
    cards.revisiting = cards.isDone;
    openNote(form.querySelector("textarea")?.value ? form : null);
  }
  form.querySelector("textarea")?.addEventListener("input", () => saveDraft(form));
  form.querySelector("[data-save]").hidden = !cards.isDone;
  cards.start();
  hint.tell(form);
  say(saved);
  if (pressed) {
    measureNextImage(pressed, stage.querySelector("img"));
    pressed = 0;
  }
}

function close() {
  current?.viewer.close();
  current?.watch.keep();
  current = null;
}

function onActive() {
  current?.contents?.tell();
  current?.full.tell();
}

function onChange() {
  onActive();
  saveDraft(current.form);
  current.form.querySelector("[data-save]").hidden = !current.cards.isDone;
}

// To the next screen that is here; else to what the server has.
function advance() {
  const done = current.form;
  close();
  done.remove();
  const [next] = queue.waiting;
  if (next) {
    show(next);
  } else {
    queue.refill();
  }
}

function onArrive(page) {
  const fresh = page.getElementById("pace");
  if (fresh) {
    document.getElementById("pace").replaceChildren(...fresh.childNodes);
  }
  showPace();
  const [next] = queue.waiting;
  if (!next) {
    pressed = 0;
  } else if (!current) {
    show(next);
  }
}

function showPace() {
  document.getElementById("seconds-each").textContent = describePace();
}

function say(text) {
  for (const place of queue.place.querySelectorAll(".saved")) {
    place.textContent = text;
  }
}

// ---- saving ----

function submit() {
  const data = new FormData(current.form);
  hint.note(current.form, data);
  send("", current.form, data);
}

function send(path, form, data) {
  const screen = form.dataset.screen;
  const seconds = current.watch.seconds;
  data.set("seconds", seconds.toFixed(1));
  if (!path) {
    recordPace(seconds);
  }
  saveDraft(form);
  answered.add(screen);
  say("saving …");
  saved = "saving …";
  outbox.add({ url: base + path, body: new URLSearchParams(data).toString(), key: data.get("key"), screen, path });
  advance();
}

function onSaved(entry, receipt) {
  if (entry.path === "/skip") {
    answered.delete(entry.screen);
  }
  const at = new Date(receipt.saved_at);
  saved = `${entry.path === "/skip" ? "skipped" : "saved"} · ${at.toLocaleTimeString(undefined, { hour12: false })}`;
  say(saved);
  if (!outbox.entries.length) {
    queue.refill();
  }
}

function onTrouble({ kind, entry, message, seconds }) {
  if (kind === "session") {
    const kept = "What you have answered is kept in this browser and is sent once you have logged in again.";
    showBanner("Your session has ended.", kept, link("Log in", `/login?${new URLSearchParams({ next: base })}`));
  } else if (kind === "retry") {
    const kept = `${message} Your answer is kept here; trying again in ${seconds} s.`;
    showBanner("Not saved yet.", kept, button("Try now", () => outbox.flush()));
  } else if (kind === "refused") {
    showBanner("Not saved.", message, button("Drop this answer and go on", () => reject(entry)));
  } else {
    showBanner("Not undone.", message, button("Close", hideBanner));
  }
  if (kind !== "undo") {
    saved = outbox.entries.length ? "not saved" : saved;
    say(saved);
  }
}

// The server will not take this answer as it is: back to what it has.
function reject(entry) {
  outbox.drop(entry);
  hideBanner();
  restart();
  outbox.flush();
}

async function restart() {
  answered.clear();
  close();
  queue.clear();
  await queue.refill();
}

function skip() {
  const data = new FormData();
  data.set("screen", current.form.dataset.screen);
  data.set("key", newKey());
  send("/skip", current.form, data);
}

async function undo() {
  if (current?.cards.stepBack()) {
    return;
  }
  if (outbox.entries.length) {
    outbox.flush();
    return;
  }
  const answer = await post(`${base}/undo`, new URLSearchParams({ key: newKey() }).toString()).catch(() => null);
  if (answer?.ok) {
    saved = "undone";
    await restart();
  } else if (answer?.status === 401) {
    onTrouble({ kind: "session" });
  } else {
    const { message, remedy } = answer ? await readError(answer) : { message: "The server cannot be reached.", remedy: "" };
    onTrouble({ kind: "undo", message: `${message} ${remedy}` });
  }
}

// The examples that did not come while there was no connection.
function fetchAgain() {
  for (const image of queue.place.querySelectorAll(".picture.broken img")) {
    image.src = image.src;
  }
}

// ---- the foot ----

function openNote(form) {
  const row = form?.querySelector("[data-note]");
  row?.classList.add("open");
  return row?.querySelector("textarea");
}

function callProblematic() {
  const data = new FormData(current.form);
  for (const name of [...data.keys()]) {
    if (/^(verdict|added)-/.test(name)) {
      data.delete(name);
    }
  }
  data.set("problematic", "1");
  send("", current.form, data);
}

function toggleDiscuss() {
  const box = current.form.querySelector('[name="discuss"]');
  box.checked = !box.checked;
  saveDraft(current.form);
}

function openGuide() {
  const link = (current.cards.active ?? current.form).querySelector("a[data-guide]") ?? current.form.querySelector("a[data-guide]");
  if (link) {
    guide.open(link.href);
  }
}

const COMMANDS = {
  problematic: () => current.form.querySelector('[name="problematic"]') && askProblematic(current.form, callProblematic),
  also: () => search?.open(),
  note: () => {
    openNote(current.form)?.focus({ preventScroll: true });
    current.cards.reveal(); // the note takes room
  },
  skip,
  discuss: toggleDiscuss,
  past: () => document.querySelector('[data-command="past"]')?.click(),
};

// ---- keys ----

const KEYS = {
  4: COMMANDS.problematic,
  "+": COMMANDS.also,
  "=": COMMANDS.also,
  n: COMMANDS.note,
  s: COMMANDS.skip,
  S: COMMANDS.skip,
  x: COMMANDS.discuss,
  l: COMMANDS.past,
  g: openGuide,
  G: openGuide,
  f: () => current.full.toggle(),
  z: () => shownViewer().step(),
  ArrowUp: () => current.cards.move(-1),
  ArrowDown: () => current.cards.move(1),
  ArrowLeft: () => current.strips.walk(current.cards.active, -1),
  ArrowRight: () => current.strips.walk(current.cards.active, 1),
  " ": () => current.strips.toggleIn(current.cards.active),
  Enter: () => current.cards.isDone && submit(),
  Escape: cancel,
};

// Of the example that is shown large, or of the image itself.
function shownViewer() {
  return current.strips.viewer ?? current.viewer;
}

function cancel() {
  if (dropQuestion(current.form)) {
    return;
  }
  if (current.strips.open) {
    current.strips.hide();
  } else {
    current.full.set(false);
  }
}

document.addEventListener("keydown", (event) => {
  current?.watch.tick();
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) {
    return;
  }
  if (event.target.matches("textarea, input[type=text], input[type=search], select")) {
    if (event.key === "Escape") {
      current?.cards.activate(current.cards.active ?? current.cards.all[0]);
    }
    return;
  }
  if (event.target.closest("button, a, summary") && (event.key === "Enter" || event.key === " ")) {
    return;
  }
  pressed = event.timeStamp;
  if (event.key === "?") {
    keys.showModal();
  } else if (event.key === "Backspace") {
    undo();
  } else if (!current) {
    return;
  } else if (event.shiftKey && SIDES[event.key]) {
    shownViewer().pan(...SIDES[event.key]);
  } else if (event.shiftKey || !current.cards.press(event.key)) {
    const command = KEYS[event.key] ?? (event.shiftKey ? null : KEYS[event.key.toLowerCase()]);
    if (!command || event.repeat) {
      return;
    }
    command();
  }
  event.preventDefault();
  if (current) {
    pressed = 0; // it led to no other screen
  }
});

// What a pointer chooses is done after the event: then it is known whether it led to another screen.
queue.place.addEventListener(
  "click",
  (event) => {
    pressed = event.timeStamp;
    setTimeout(() => {
      if (current) {
        pressed = 0;
      }
    });
  },
  { capture: true },
);
queue.place.addEventListener("click", (event) => {
  current?.watch.tick();
  const entry = event.target.closest("a[data-guide]");
  const control = event.target.closest("[data-command]");
  if (entry && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    guide.open(entry.href);
  } else if (control && current && !["discuss", "past"].includes(control.dataset.command)) {
    event.preventDefault();
    COMMANDS[control.dataset.command]();
  }
});
queue.place.addEventListener("pointermove", () => current?.watch.tick(), { passive: true });
queue.place.addEventListener("submit", (event) => {
  event.preventDefault();
  if (current?.cards.isDone) {
    submit();
  }
});
document.getElementById("undo").addEventListener("submit", (event) => {
  event.preventDefault();
  undo();
});
document.getElementById("show-keys").addEventListener("click", () => keys.showModal());
document.addEventListener("visibilitychange", () => current?.watch.tick());
window.addEventListener("pagehide", () => current?.watch.keep());
window.addEventListener("beforeunload", (event) => {
  if (outbox.entries.length && !outbox.read().length) {
    event.preventDefault();
  }
});

// ---- start ----

showPace();
saved = queue.place.querySelector(".saved")?.textContent ?? "";
const [first] = queue.waiting;
if (first) {
  show(first);
} else {
  queue.forms.forEach((form) => form.remove());
  queue.later(20_000);
}
outbox.flush();
