// The gallery: filters apply as they are set, arrow keys walk the tiles and go on where one left.

const filters = document.querySelector("[data-filters]");
const tiles = [...document.querySelectorAll("[data-tiles] a")];

filters?.addEventListener("change", () => filters.requestSubmit());
// Empty fields stay out of the address.
filters?.addEventListener("formdata", (event) => {
  for (const [name, value] of [...event.formData]) {
    if (value === "" || (name === "sort" && value === "models")) {
      event.formData.delete(name);
    }
  }
});

// Who comes back from an item goes on at its tile.
const left = location.hash.slice(1);
tiles.find((tile) => tile.pathname === `/items/${left}`)?.focus();

function columns() {
  const top = tiles[0].getBoundingClientRect().top;
  const second = tiles.findIndex((tile) => tile.getBoundingClientRect().top > top + 1);
  return second < 0 ? tiles.length : second;
}

document.addEventListener("keydown", (event) => {
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 };
  const step = steps[event.key];
  if (!step || !tiles.length || event.target.closest("input, select, textarea") || event.altKey || event.ctrlKey || event.metaKey) {
    return;
  }
  event.preventDefault();
  const at = tiles.indexOf(document.activeElement);
  const far = event.key === "ArrowUp" || event.key === "ArrowDown" ? columns() : 1;
  const next = at < 0 ? 0 : at + step * far;
  if (tiles[next]) {
    tiles[next].focus({ preventScroll: true });
    tiles[next].scrollIntoView({ block: "nearest" });
  }
});
