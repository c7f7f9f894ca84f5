// The screens that wait in this page: the current one and the next, with their images fetched and decoded.

const POLL = 20_000;

export class Queue {
  // `isAnswered(screen)` tells what has been sent already; `onArrive` is called when screens or an end have come,
  // `onEnded` when the session is over.
  constructor(place, base, { isAnswered, onArrive, onEnded }) {
    Object.assign(this, { place, base, isAnswered, onArrive, onEnded });
    this.fetches = 0;
    this.prepare();
  }

  get forms() {
    return [...this.place.querySelectorAll("form.screen")];
  }

  get waiting() {
    return this.forms.filter((form) => !this.isAnswered(form.dataset.screen));
  }

  get end() {
    return this.place.querySelector("[data-done]");
  }

  // Only `form` is seen; what has been answered is gone.
  show(form) {
    for (const other of this.forms) {
      other.hidden = other !== form;
      if (other.hidden && this.isAnswered(other.dataset.screen)) {
        other.remove();
      }
    }
    this.end?.remove();
  }

  clear() {
    this.fetches += 1;
    this.place.replaceChildren();
  }

  // Fetches what is not here yet. Only the newest fetch counts: an older one may tell of a time before an undo.
  async refill() {
    const turn = ++this.fetches;
    clearTimeout(this.timer);
    let page;
    try {
      const have = this.waiting.map((form) => form.dataset.screen).join(" ");
      const answer = await fetch(`${this.base}?${new URLSearchParams({ have })}`, { headers: { Accept: "text/html" } });
      if (new URL(answer.url).pathname !== this.base) {
        this.onEnded();
        return;
      }
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      this.later(2000);
      return;
    }
    if (turn !== this.fetches) {
      return;
    }
    this.take(page);
    this.prepare();
    this.onArrive(page);
    if (!this.waiting.length) {
      this.later(POLL);
    }
  }

  take(page) {
    const open = new Set(page.getElementById("queue").dataset.open.split(" "));
    for (const form of this.waiting) {
      if (form.hidden && !open.has(form.dataset.screen)) {
        form.remove(); // others have decided it meanwhile
      }
    }
    const here = new Set(this.forms.map((form) => form.dataset.screen));
    for (const form of page.querySelectorAll("#queue > form.screen")) {
      if (!here.has(form.dataset.screen) && !this.isAnswered(form.dataset.screen)) {
        form.hidden = true;
        this.place.append(form);
      }
    }
    const end = page.querySelector("#queue > [data-done]");
    if (end && !this.waiting.length) {
      this.place.replaceChildren(end);
    }
  }

  // Again after a while, if there is nothing to do here: others may have left something over.
  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.waiting.length ? null : document.hidden ? this.later(wait) : this.refill()), wait);
  }

  // The images of the next screens are decoded before they are asked for, and then their examples are fetched.
  prepare() {
    for (const form of this.waiting) {
      const image = form.querySelector("[data-stage] img");
      if (image && !image.dataset.ready) {
        image.dataset.ready = "asked";
        image.decode().then(
          () => {
            image.dataset.ready = "yes";
            fetchExamples(form);
          },
          () => delete image.dataset.ready,
        );
      }
    }
  }
}

// A browser fetches what is lazy only once it is seen: too late for whoever answers quickly, or without a connection.
function fetchExamples(form) {
  for (const example of form.querySelectorAll(".strip img[src]")) {
    example.loading = "eager";
  }
}
