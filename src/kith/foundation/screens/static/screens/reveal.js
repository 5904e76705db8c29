// A choice that shows more questions: shown when it is taken, hidden when it is not. Without scripts they are all shown.
export function revealChosen(within) {
  for (const input of within.querySelectorAll("input[data-reveals]")) {
    const more = document.getElementById(input.dataset.reveals);
    if (!more || input.dataset.revealing) continue;
    input.dataset.revealing = "yes";
    const kind = input.type === "radio" ? "govuk-radios" : "govuk-checkboxes";
    const show = () => more.classList.toggle(`${kind}__conditional--hidden`, !input.checked);
    show();
    const all = input.type === "radio" && input.form ? [...input.form.elements].filter(({ name }) => name === input.name) : [input];
    for (const each of all) each.addEventListener("change", show);
  }
}
