// The class guide in a dialog: the guide's own page, fetched and shown beside the image, and its form sent from there.

export class Guide {
  constructor(dialog) {
    this.dialog = dialog;
    this.place = dialog.querySelector("[data-entry]");
    this.asked = 0;
    dialog.addEventListener("click", (event) => this.onClick(event));
    dialog.addEventListener("submit", (event) => this.onSubmit(event));
    dialog.addEventListener("input", () => this.keepDraft());
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.form?.requestSubmit();
      }
    });
  }

  get entry() {
    return this.place.querySelector("#entry");
  }

  get form() {
    return this.place.querySelector("form");
  }

  get text() {
    return this.place.querySelector("textarea");
  }

  async open(address) {
    const asked = ++this.asked;
    if (!this.dialog.open) {
      this.place.replaceChildren();
      this.dialog.showModal();
    }
    const answer = await fetchPage(address);
    if (asked === this.asked && this.dialog.open) {
      this.show(answer);
    }
  }

  // The entry that a page holds; what the page says in its place where it holds none.
  show({ entry, message }) {
    if (!entry) {
      this.say(message);
      return;
    }
    for (const element of entry.querySelectorAll("time[datetime]")) {
      element.textContent = new Date(element.dateTime).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
    }
    this.place.replaceChildren(entry);
    const draft = readDraft(entry.dataset.class);
    if (draft !== null && !entry.dataset.refused) {
      this.text.value = draft;
    }
    this.text.focus();
    this.text.setSelectionRange(this.text.value.length, this.text.value.length);
  }

  say(text) {
    const place = this.place.querySelector("[data-said]") ?? this.place;
    place.textContent = text;
  }

  onClick(event) {
    const link = event.target.closest("a[data-guide]");
    if (link && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.open(link.href);
    } else if (event.target === this.dialog) {
      this.dialog.close();
    }
  }

  async onSubmit(event) {
    if (event.target.method === "dialog") {
      return;
    }
    event.preventDefault();
    const { form, entry } = this;
    const asked = ++this.asked;
    this.say("saving …");
    const answer = await fetchPage(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (answer.entry && !answer.entry.dataset.refused) {
      writeDraft(entry.dataset.class, null);
      tellCards(answer.entry.dataset.class, answer.entry.dataset.text);
      if (asked === this.asked) {
        this.dialog.close();
      }
    } else if (asked === this.asked) {
      form.querySelector(".primary").disabled = false;
      this.show(answer);
    }
  }

  keepDraft() {
    if (this.text) {
      writeDraft(this.entry.dataset.class, this.text.value === this.entry.dataset.text ? null : this.text.value);
    }
  }
}

// Every card of the class says at once what the panel says now.
function tellCards(classId, text) {
  for (const place of document.querySelectorAll(`[data-told="${CSS.escape(classId)}"]`)) {
    place.textContent = text;
    place.hidden = !text;
  }
}

async function fetchPage(address, options = {}) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, ...options });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const entry = page.getElementById("entry");
    if (entry) {
      return { entry };
    }
    const ended = new URL(answer.url).pathname === "/login" || answer.status === 401;
    const reason = page.querySelector("main p")?.textContent ?? `The server answered ${answer.status}.`;
    return { message: ended ? "Your session has ended: log in again in another tab. Your words are kept here." : reason };
  } catch {
    return { message: "The server cannot be reached. Your words are kept here: try again." };
  }
}

// In this tab and for this user, until it is saved.
function draftName(classId) {
  return `regrade.guide.${document.body.dataset.user}.${classId}`;
}

function readDraft(classId) {
  try {
    return sessionStorage.getItem(draftName(classId));
  } catch {
    return null;
  }
}

function writeDraft(classId, text) {
  try {
    if (text === null) {
      sessionStorage.removeItem(draftName(classId));
    } else {
      sessionStorage.setItem(draftName(classId), text);
    }
  } catch {
    // The dialog still holds it.
  }
}
