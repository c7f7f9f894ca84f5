// The image over the whole window. The cards are out of sight then: a line says which class the keys speak of.

export class FullView {
  constructor(form, cards) {
    Object.assign(this, { form, cards });
  }

  get isOn() {
    return this.form.classList.contains("full");
  }

  toggle() {
    this.set(!this.isOn);
  }

  set(isOn) {
    this.form.classList.toggle("full", isOn);
    this.line?.remove();
    this.line = null;
    if (isOn) {
      this.line = document.createElement("p");
      this.line.className = "full-line";
      this.form.append(this.line);
      this.tell();
    }
  }

  tell() {
    if (!this.line) {
      return;
    }
    const card = this.cards.active;
    const name = document.createElement("strong");
    name.className = "clip";
    name.textContent = card?.querySelector(".card-name")?.textContent ?? "";
    const choices = [...(card?.querySelectorAll("input[data-key]") ?? [])].map(draw);
    this.line.replaceChildren(name, ...choices, entry("F", "back"));
  }
}

function draw(input) {
  const choice = entry(input.dataset.key, input.value);
  choice.classList.toggle("at", input.checked);
  return choice;
}

function entry(key, text) {
  const place = document.createElement("span");
  const cap = document.createElement("kbd");
  cap.textContent = key;
  place.append(cap, ` ${text}`);
  return place;
}
