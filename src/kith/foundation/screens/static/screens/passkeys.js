// Lets a form make or use a passkey. Where the browser cannot, the form stays hidden and the other ways are there.
export function usePasskeys(within) {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
  for (const form of within.querySelectorAll("form[data-passkey]")) {
    if (form.dataset.passkeyReady) continue;
    form.dataset.passkeyReady = "yes";
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  }
}

async function ask(form) {
  const said = form.querySelector("[data-passkey-said]");
  said.textContent = "";
  try {
    const answer = await fetch(form.dataset.passkeyAsk, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error("the page is too old");
    const { publicKey } = await answer.json();
    const made = form.dataset.passkey === "make"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
    form.elements.answered.value = JSON.stringify(made.toJSON());
    form.submit();
  } catch (problem) {
    said.textContent = "No passkey was used. Try again, or choose another way.";
  }
}
