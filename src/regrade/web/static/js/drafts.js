// What has been chosen on a screen, kept in this browser until it is saved (and a while longer, for Undo).

const NAME = "regrade.drafts";
const MOST = 60;
const OWN_FIELDS = new Set(["screen", "key", "seconds"]);

export function saveDraft(form) {
  const fields = [...new FormData(form)].filter(([name]) => !OWN_FIELDS.has(name) && !name.startsWith("added-"));
  const added = [...form.querySelectorAll("[data-added]")].map((card) => ({
    class_id: Number(card.dataset.classId),
    name: card.dataset.name,
    definition: card.dataset.definition,
    value: card.querySelector("input:checked")?.value ?? "correct",
  }));
  const drafts = readAll();
  delete drafts[form.dataset.screen];
  if (added.length || fields.some(([, value]) => value)) {
    drafts[form.dataset.screen] = { fields, added };
  }
  const kept = Object.entries(drafts).slice(-MOST);
  write(Object.fromEntries(kept));
}

// Whether there was a draft of this screen.
export function restoreDraft(form, cards) {
  const draft = readAll()[form.dataset.screen];
  if (!draft) {
    return false;
  }
  for (const [name, value] of draft.fields) {
    for (const element of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (element.type === "radio" || element.type === "checkbox") {
        element.checked = element.value === value || element.checked;
      } else {
        element.value = value;
      }
    }
  }
  for (const row of draft.added) {
    cards.add(row, row.value);
  }
  return true;
}

function readAll() {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? "{}");
  } catch {
    return {};
  }
}

function write(drafts) {
  try {
    localStorage.setItem(NAME, JSON.stringify(drafts));
  } catch {
    // A full or forbidden store: the page still holds what is on the screen.
  }
}
