// Finds a class by name: in a dialog, or in a part of a page.

export class ClassSearch {
  constructor(dialog, onPick) {
    this.dialog = dialog;
    this.onPick = onPick;
    this.text = dialog.querySelector("input");
    this.list = dialog.querySelector('[role="listbox"]');
    this.asked = 0;
    this.text.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.find(), 120);
    });
    this.text.addEventListener("keydown", (event) => this.onKey(event));
    this.list.addEventListener("click", (event) => this.pick(event.target.closest("li")));
  }

  open() {
    this.text.value = "";
    this.list.replaceChildren();
    this.dialog.showModal();
    this.text.focus();
  }

  async find() {
    const asked = ++this.asked;
    const text = this.text.value.trim();
    const found = text ? await fetchClasses(text) : [];
    if (asked === this.asked) {
      this.show(found, text);
    }
  }

  show(found, text) {
    this.found = found;
    const rows = found.map((row, at) => {
      const item = document.createElement("li");
      const name = document.createElement("strong");
      const says = document.createElement("span");
      name.textContent = row.name;
      says.className = "quiet small";
      says.textContent = ` ${row.key} ${row.definition}`;
      item.id = `found-${at}`;
      item.role = "option";
      item.dataset.at = at;
      item.append(name, says);
      return item;
    });
    if (text && !rows.length) {
      const none = document.createElement("li");
      none.className = "quiet";
      none.textContent = "No class of that name.";
      rows.push(none);
    }
    this.list.replaceChildren(...rows);
    this.select(0);
  }

  select(at) {
    const rows = [...this.list.querySelectorAll('[role="option"]')];
    this.at = Math.min(rows.length - 1, Math.max(0, at));
    rows.forEach((row, index) => row.setAttribute("aria-selected", String(index === this.at)));
    this.text.setAttribute("aria-activedescendant", rows[this.at]?.id ?? "");
    rows[this.at]?.scrollIntoView({ block: "nearest" });
  }

  onKey(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.select(this.at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Escape") {
      // A search field would keep the key to itself and only empty itself.
      event.preventDefault();
      this.dialog.close();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.pick(this.list.querySelector('[aria-selected="true"]'));
    }
  }

  pick(item) {
    const row = this.found?.[item?.dataset.at];
    if (row) {
      this.asked++; // an answer still on its way is for nobody
      this.list.replaceChildren();
      this.dialog.close?.();
      this.onPick(row);
    }
  }
}

async function fetchClasses(text) {
  try {
    const answer = await fetch(`/classes?${new URLSearchParams({ q: text })}`, { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : [];
  } catch {
    return [];
  }
}
