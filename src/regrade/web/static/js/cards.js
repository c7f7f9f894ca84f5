// The cards of one screen: which is active, what each key chooses in it, and when all are answered.

export class Cards {
  // `isNeeded` tells which cards must be answered; `onDone` is called when the last one is, `onActive` when another
  // card has become the active one.
  constructor(form, { onDone, onChange = () => {}, onActive = () => {}, isNeeded = () => true }) {
    Object.assign(this, { form, onDone, onChange, onActive, isNeeded });
    this.revisiting = false;
    this.trail = [];
    form.addEventListener("change", (event) => this.onInput(event));
    form.addEventListener("focusin", (event) => this.onFocus(event));
    form.addEventListener("pointerdown", (event) => {
      const card = event.target.closest("[data-card]");
      if (card) {
        this.mark(card);
      }
    });
  }

  get all() {
    return [...this.form.querySelectorAll("[data-card]")];
  }

  get active() {
    return this.form.querySelector('[data-card][aria-current="true"]');
  }

  get unanswered() {
    return this.all.filter((card) => this.isNeeded(card) && !isAnswered(card));
  }

  get isDone() {
    return this.unanswered.length === 0;
  }

  mark(card) {
    for (const other of this.all) {
      other.toggleAttribute("aria-current", false);
    }
    card?.setAttribute("aria-current", "true");
    this.onActive();
  }

  activate(card) {
    if (!card) {
      return;
    }
    this.mark(card);
    card.focus({ preventScroll: true });
    this.reveal();
  }

  // The active card is in view, and if it is too tall for that, what can be chosen in it.
  reveal() {
    const choices = this.active?.querySelectorAll(".choices") ?? [];
    this.active?.scrollIntoView({ block: "nearest" });
    if (choices.length === 1) {
      choices[0].scrollIntoView({ block: "nearest" });
    }
  }

  start() {
    this.activate(this.unanswered[0] ?? this.all[0]);
  }

  move(step) {
    const cards = this.all;
    this.activate(cards[Math.min(cards.length - 1, Math.max(0, cards.indexOf(this.active) + step))]);
  }

  // Whether the key chooses something in the active card.
  press(key) {
    const input = this.active?.querySelector(`input[data-key="${CSS.escape(key.toUpperCase())}"]`);
    if (!input) {
      return false;
    }
    input.checked = true;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }

  onFocus(event) {
    const card = event.target.closest("[data-card]");
    if (card && card !== this.active) {
      this.mark(card);
    }
  }

  onInput(event) {
    const card = event.target.closest("[data-card]");
    if (!card || event.target.type !== "radio") {
      this.onChange();
      return;
    }
    this.trail.push(event.target);
    this.onChange();
    if (isAnswered(card) && !card.hasAttribute("data-added")) {
      this.advance(card);
    }
  }

  // To the next class without an answer; when there is none, and a revisited screen has been walked to its end: done.
  advance(card) {
    const cards = this.all;
    const after = cards.indexOf(card) + 1;
    const next = [...cards.slice(after), ...cards].find((other) => this.unanswered.includes(other));
    if (next) {
      this.activate(next);
    } else if (this.revisiting && after < cards.length) {
      this.activate(cards[after]);
    } else {
      this.onDone();
    }
  }

  // Takes the last choice on this screen back, or the class that was added last; false if there is none.
  stepBack() {
    const input = this.trail.pop();
    if (!input) {
      return false;
    }
    if (input.matches("[data-added]")) {
      this.remove(input);
      return true;
    }
    const same = this.trail.findLast((other) => other.name === input.name);
    input.checked = false;
    if (same) {
      same.checked = true;
    }
    this.activate(input.closest("[data-card]"));
    this.onChange();
    return true;
  }

  // A card for a class that is not listed; false if it is there already.
  add({ class_id: id, name, definition }, value = "correct") {
    const listed = this.form.querySelector(`input[name$="-${id}"]`)?.closest("[data-card]");
    if (listed) {
      this.activate(listed);
      return false;
    }
    const card = document.getElementById("added-card").content.firstElementChild.cloneNode(true);
    Object.assign(card.dataset, { classId: id, name, definition });
    card.querySelector(".card-name").textContent = name;
    card.querySelector(".definition").textContent = definition;
    card.setAttribute("aria-label", name);
    for (const input of card.querySelectorAll("input")) {
      input.name = `added-${id}`;
      input.checked = input.value === value;
    }
    card.querySelector("[data-remove]").addEventListener("click", () => this.remove(card));
    const cards = this.form.querySelector(".cards");
    cards.insertBefore(card, cards.querySelector(":scope > .strip-none"));
    this.trail.push(card);
    card.scrollIntoView({ block: "nearest" });
    this.activate(this.unanswered[0] ?? card);
    this.onChange();
    return true;
  }

  // A class that was added goes, and with it what was chosen on its card.
  remove(card) {
    this.trail = this.trail.filter((choice) => !card.contains(choice));
    card.remove();
    this.start();
    this.onChange();
  }
}

export function isAnswered(card) {
  const names = new Set([...card.querySelectorAll('input[type="radio"]')].map((input) => input.name));
  return [...names].every((name) => card.querySelector(`input[name="${CSS.escape(name)}"]:checked`));
}
