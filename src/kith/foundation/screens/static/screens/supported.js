// Says at once that scripts run, before anything is drawn, so that nothing on the page jumps.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
