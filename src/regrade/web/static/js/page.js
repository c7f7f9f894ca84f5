// What every page does: times in the reader's zone, small images pixelated, damaged ones said so, forms sent once.

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function showTimes() {
  for (const element of document.querySelectorAll("time[datetime]")) {
    const at = new Date(element.dateTime);
    if (!Number.isNaN(at.getTime())) {
      const seconds = "seconds" in element.dataset;
      element.textContent = seconds ? at.toLocaleTimeString(undefined, { hour12: false }) : clock.format(at);
    }
  }
}

function look(image) {
  if (!image.closest(".picture")) {
    return;
  }
  image.closest(".picture").classList.toggle("broken", image.naturalWidth === 0);
  if (image.naturalWidth > 0) {
    // An image smaller than its place is drawn as it is, pixel by pixel.
    const room = Math.max(image.clientWidth, image.clientHeight) || 64;
    image.classList.toggle("pixels", Math.max(image.naturalWidth, image.naturalHeight) <= Math.min(room, 64));
  }
}

document.addEventListener("load", (event) => event.target instanceof HTMLImageElement && look(event.target), true);
document.addEventListener("error", (event) => event.target instanceof HTMLImageElement && look(event.target), true);
for (const image of document.images) {
  if (image.complete && image.currentSrc) {
    look(image);
  }
}

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-once]") && !event.defaultPrevented) {
    for (const button of event.target.querySelectorAll("button")) {
      button.disabled = true;
    }
  }
});
// Coming back by the browser's history finds the form as it was, usable again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    document.querySelectorAll("[data-once] button").forEach((button) => (button.disabled = false));
  }
});

// A menu closes by Escape and by a click elsewhere.
function closeMenus(except) {
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (menu !== except) {
      menu.open = false;
    }
  }
}
document.addEventListener("click", (event) => closeMenus(event.target.closest("[data-menu]")));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.querySelector("[data-menu][open]")) {
    event.preventDefault(); // and leads nowhere
    closeMenus(null);
  }
});

showTimes();
