// What pages gain when scripts run. Every page works without any of it.
import { initAll } from "./vendor/govuk-frontend.js";
import { keepDrafts } from "./drafts.js";
import { watchIdle } from "./idle.js";
import { addRows } from "./rows.js";
import { revealChosen } from "./reveal.js";
import { usePasskeys } from "./passkeys.js";

initAll();
watchIdle();
start(document);

// htmx may bring in new parts of a page: they get the same.
document.body.addEventListener("htmx:load", ({ detail }) => {
  if (detail.elt === document.body) return;
  start(detail.elt);
});

function start(within) {
  keepDrafts(within);
  addRows(within);
  revealChosen(within);
  usePasskeys(within);
}
