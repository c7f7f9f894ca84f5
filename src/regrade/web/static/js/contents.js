// The classes of a screen that has many, in one place above their cards: which there are, which are answered.

import { isAnswered } from "./cards.js";

const FEW = 3; // so many cards are seen at a glance

export class Contents {
  constructor(form, cards) {
    this.cards = cards;
    this.place = document.createElement("div");
    this.place.className = "contents";
    this.place.ariaHidden = "true"; // the cards say the same
    form.querySelector(".panel .cards").before(this.place);
    this.place.addEventListener("click", (event) => {
      const entry = event.target.closest("span[data-at]");
      if (entry) {
        cards.activate(cards.all[entry.dataset.at]);
      }
    });
  }

  tell() {
    const cards = this.cards.all;
    this.place.hidden = cards.length <= FEW;
    this.place.replaceChildren(...cards.map((card, at) => draw(card, at, card === this.cards.active)));
  }
}

function draw(card, at, isActive) {
  const entry = document.createElement("span");
  const letter = document.createElement("strong");
  const name = document.createElement("span");
  entry.dataset.at = at;
  entry.classList.toggle("at", isActive);
  letter.textContent = card.querySelector(".letter").textContent;
  name.className = "clip";
  name.textContent = card.querySelector(".card-name").textContent;
  const mark = document.createElement("span");
  mark.className = "mark"; // its place is kept, so that nothing moves when it comes
  mark.textContent = isAnswered(card) ? card.querySelector(".choice:has(:checked) .glyph").textContent : "";
  entry.append(letter, name, mark);
  return entry;
}
