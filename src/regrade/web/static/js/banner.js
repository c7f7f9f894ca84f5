// The loud line above the screen: what is wrong, what became of the answer, what to do.

const banner = document.getElementById("banner");

export function showBanner(title, text, ...actions) {
  const strong = document.createElement("strong");
  const says = document.createElement("span");
  strong.textContent = title;
  says.textContent = text;
  banner.replaceChildren(strong, says, ...actions);
  banner.hidden = false;
}

// Whether there was one.
export function hideBanner() {
  const wasShown = !banner.hidden;
  banner.hidden = true;
  return wasShown;
}

export function button(text, act, key) {
  const element = document.createElement("button");
  element.type = "button";
  if (key) {
    const cap = document.createElement("kbd");
    cap.textContent = key;
    element.append(cap);
  }
  element.append(text);
  element.addEventListener("click", act);
  return element;
}

export function link(text, href) {
  const element = document.createElement("a");
  element.className = "button";
  element.textContent = text;
  element.href = href;
  return element;
}
