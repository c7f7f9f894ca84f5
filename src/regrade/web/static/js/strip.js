// The example images of a class: walk along them by key, and look at one large in place of the image.

import { Viewer } from "./viewer.js";

export class Strips {
  constructor(screen) {
    this.screen = screen;
    this.stage = screen.querySelector("[data-stage]");
    this.viewer = null;
    screen.addEventListener("click", (event) => {
      const picture = event.target.closest(".strip .picture");
      if (picture) {
        this.point(picture);
        this.toggle(picture);
      }
    });
    for (const strip of screen.querySelectorAll(".strip")) {
      for (const kind of ["pointerenter", "focus", "scroll"]) {
        strip.addEventListener(kind, () => fetchAll(strip), { once: true, passive: true });
      }
    }
  }

  // Where the keys walk: the active card, or the whole screen where that card has no examples of its own.
  reach(card) {
    return card?.querySelector(".strip") ? card : this.screen;
  }

  walk(card, step) {
    const pictures = [...this.reach(card).querySelectorAll(".strip .picture")];
    if (!pictures.length) {
      return;
    }
    const at = pictures.findIndex((picture) => picture.classList.contains("at"));
    const next = at < 0 ? (step > 0 ? 0 : pictures.length - 1) : (at + step + pictures.length) % pictures.length;
    this.point(pictures[next]);
    if (this.open) {
      this.show(pictures[next]);
    }
  }

  point(picture) {
    const strip = picture.closest(".strip");
    const folded = strip.closest("details");
    if (folded) {
      folded.open = true;
    }
    fetchAll(strip);
    this.reach(picture.closest("[data-card]")).querySelector(".strip .at")?.classList.remove("at");
    picture.classList.add("at");
    strip.scrollIntoView({ block: "nearest" });
    const left = picture.offsetLeft - strip.offsetLeft;
    strip.scrollTo({ left: left - (strip.clientWidth - picture.clientWidth) / 2 });
  }

  // The example that the card points at, or its first.
  toggle(picture) {
    if (!picture || this.open?.dataset.shows === picture.dataset.peek) {
      this.hide();
    } else {
      this.show(picture);
    }
  }

  toggleIn(card) {
    const place = this.reach(card);
    const picture = place.querySelector(".strip .at") ?? place.querySelector(".strip .picture");
    if (picture) {
      this.point(picture);
    }
    this.toggle(picture);
  }

  show(picture) {
    this.hide();
    const peek = document.createElement("div");
    const image = document.createElement("img");
    peek.className = "stage peek";
    peek.dataset.shows = picture.dataset.peek;
    image.alt = picture.dataset.caption;
    peek.append(image, caption(picture.dataset.caption));
    image.addEventListener("load", () => {
      if (this.open === peek) {
        this.viewer = new Viewer(peek);
      }
    });
    image.addEventListener("error", () => {
      const words = document.createElement("p");
      words.className = "missing";
      words.textContent = "This image cannot be shown.";
      image.replaceWith(words);
    });
    image.src = picture.dataset.peek;
    this.stage.append(peek);
    this.open = peek;
    peek.addEventListener("click", () => this.viewer?.isDragged || this.hide());
  }

  hide() {
    this.viewer?.close();
    this.viewer = null;
    this.open?.remove();
    this.open = null;
  }
}

// What the large image is, and how to go on from it.
function caption(text) {
  const line = document.createElement("p");
  const says = document.createElement("span");
  line.className = "caption";
  says.textContent = text;
  says.className = "clip";
  line.append(says, key("←"), key("→"), " others", key("Space"), " back");
  return line;
}

function key(text) {
  const cap = document.createElement("kbd");
  cap.textContent = text;
  return cap;
}

// The examples that do not fit the strip are not fetched before somebody walks along it.
function fetchAll(strip) {
  for (const image of strip.querySelectorAll("img[data-later]")) {
    image.src = image.dataset.later;
    image.removeAttribute("data-later");
  }
}
