// What pages gain when scripts run. Every page works without any of it.
import { initAll } from "./vendor/govuk-frontend.js";
import { keepDrafts } from "./drafts.js";
import { addRows } from "./rows.js";

initAll();
keepDrafts(document);
addRows(document);

// htmx may bring in new parts of a page: they get the same.
document.body.addEventListener("htmx:load", ({ detail }) => {
  if (detail.elt === document.body) return;
  keepDrafts(detail.elt);
  addRows(detail.elt);
});
