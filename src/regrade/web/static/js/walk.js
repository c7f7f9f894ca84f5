// Pages that are walked by key: a link that names a key is followed by it; Ctrl Enter sends the form.

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("textarea, input, select");
  const form = event.target.closest("form[data-send]");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) {
    return;
  }
  if (typing) {
    if (event.key === "Escape") {
      typing.blur();
    }
    return;
  }
  const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
  if (link) {
    event.preventDefault();
    link.click();
  }
});
