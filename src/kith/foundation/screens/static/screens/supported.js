// Says at once that scripts run, before anything is drawn, so that nothing on the page jumps.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");

// Nothing is kept in the browser: htmx would note each address there, and an address may hold the name that was looked for.
// Both vendored scripts ask whether they may store, and do without.
Storage.prototype.setItem = () => {
  throw new DOMException("Kith keeps nothing in the browser.", "QuotaExceededError");
};
