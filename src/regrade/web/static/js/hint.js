// A hint that is given once in a browser: what else can be said of an image of which every class is wrong.

export class Hint {
  constructor(user) {
    this.name = `regrade.hint.${user}`;
    this.due = false;
  }

  // After an answer. A part of an item's classes may well be all wrong: the right one is on another screen.
  note(form, data) {
    const given = [...data].filter(([name]) => /^(verdict|added)-/.test(name)).map(([, value]) => value);
    this.due ||= form.dataset.parts === "1" && given.length > 0 && given.every((value) => value === "wrong");
  }

  // Above the next image's classes, and gone with them. It asks for nothing.
  tell(form) {
    if (!this.due || this.isTold()) {
      return;
    }
    const row = document.createElement("p");
    row.className = "hint";
    row.role = "status";
    row.append("Was every class wrong? ", key("+"), " names another that the image shows, ", key("4"));
    row.append(" says that nobody could judge it, ", key("⌫"), " goes back to it.");
    form.querySelector(".panel h1").after(row);
    this.remember();
  }

  isTold() {
    try {
      return localStorage.getItem(this.name) !== null;
    } catch {
      return false;
    }
  }

  remember() {
    this.due = false;
    try {
      localStorage.setItem(this.name, "all wrong");
    } catch {
      // It is given once more.
    }
  }
}

function key(text) {
  const cap = document.createElement("kbd");
  cap.textContent = text;
  return cap;
}
