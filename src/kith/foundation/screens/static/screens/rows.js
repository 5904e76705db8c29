// "Add another": a new row of a formset without asking the server. Without scripts the same button posts the form.
import { revealChosen } from "./reveal.js";

export function addRows(within) {
  for (const button of within.querySelectorAll("button[data-add-row]")) {
    const template = document.getElementById(button.dataset.addRow);
    if (!template || button.dataset.adds) continue;
    button.dataset.adds = "yes";
    button.addEventListener("click", (event) => add(event, button, template));
  }
}

function add(event, button, template) {
  const form = button.form;
  const total = form?.elements[`${template.dataset.prefix}-TOTAL_FORMS`];
  if (!total) return;
  event.preventDefault();
  const place = Number(total.value);
  const holder = document.createElement("div");
  holder.innerHTML = template.innerHTML.replaceAll("__prefix__", place).replaceAll("__number__", place + 1);
  const row = holder.firstElementChild;
  document.getElementById(template.dataset.into).append(row);
  total.value = place + 1;
  revealChosen(row);
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  form.dispatchEvent(new Event("change"));
}
