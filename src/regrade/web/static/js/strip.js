// The example images of a class: walk along them by key, and look at one large in place of the image.

import { Viewer } from "./viewer.js";

export class Strips {
  constructor(screen) {
    this.stage = screen.querySelector("[data-stage]");
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

  walk(card, step) {
    const pictures = [...(card?.querySelectorAll(".strip .picture") ?? [])];
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
    fetchAll(strip);
    strip.querySelector(".at")?.classList.remove("at");
    picture.classList.add("at");
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
    this.toggle(card?.querySelector(".strip .at") ?? card?.querySelector(".strip .picture"));
  }

  show(picture) {
    this.hide();
    const peek = document.createElement("div");
    const image = document.createElement("img");
    const caption = document.createElement("span");
    peek.className = "stage peek";
    peek.dataset.shows = picture.dataset.peek;
    image.alt = caption.textContent = picture.dataset.caption;
    caption.className = "caption";
    peek.append(image, caption);
    image.addEventListener("load", () => {
      this.viewer = new Viewer(peek);
    });
    image.addEventListener("error", () => {
      const words = document.createElement("p");
      words.className = "missing";
      words.textContent = "This image cannot be read.";
      image.replaceWith(words);
    });
    image.src = picture.dataset.peek;
    this.stage.append(peek);
    this.open = peek;
    peek.addEventListener("click", () => this.hide());
  }

  hide() {
    this.viewer?.close();
    this.open?.remove();
    this.open = null;
  }
}

// The examples that do not fit the strip are not fetched before somebody walks along it.
function fetchAll(strip) {
  for (const image of strip.querySelectorAll("img[data-later]")) {
    image.src = image.dataset.later;
    image.removeAttribute("data-later");
  }
}
