// "Add another": a new row of a formset without asking the server. Without scripts the same button posts the form.
export function addRows(within) {
  for (const button of within.querySelectorAll("button[data-add-row]")) {
    const template = document.getElementById(button.dataset.addRow);
    if (template) button.addEventListener("click", (event) => add(event, button, template));
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
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  form.dispatchEvent(new Event("change"));
}
