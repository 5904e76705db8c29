// Keeps what is typed into a form on the server, as a draft, a few seconds after typing stops. Nothing is kept in the browser.
const PAUSE = 1500; // after the last key
const AT_MOST = 3500; // however long the typing goes on
const MANY = 40; // letters typed or taken away: they are sent at once
const RETRY = 5000; // when the server could not be reached

export function keepDrafts(within) {
  for (const form of within.querySelectorAll("form[data-draft-to]")) new Keeper(form);
}

class Keeper {
  constructor(form) {
    if (form.dataset.draftKept) return;
    form.dataset.draftKept = "yes";
    this.form = form;
    this.status = form.querySelector("[data-draft-status]");
    this.changed = false;
    this.sent = false;
    this.letters = 0;
    form.addEventListener("input", (event) => this.typed(event));
    form.addEventListener("change", () => this.typed());
    form.addEventListener("submit", (event) => this.submitted(event));
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.leave());
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", () => (this.sent = false));
  }

  typed(event) {
    if (!this.changed) this.since = Date.now();
    this.changed = true;
    this.letters += event?.data?.length || 1;
    clearTimeout(this.timer);
    const wait = this.letters >= MANY ? 0 : Math.min(PAUSE, this.since + AT_MOST - Date.now());
    this.timer = setTimeout(() => this.keep(), Math.max(0, wait));
  }

  // Sending the form ends the draft: one still on its way is waited for, or it would arrive later and bring the draft back.
  async submitted(event) {
    if (event.defaultPrevented) return;
    this.sent = true;
    clearTimeout(this.timer);
    if (!this.keeping) return;
    event.preventDefault();
    await Promise.race([this.keeping, new Promise((done) => setTimeout(done, PAUSE))]);
    this.keeping = null;
    this.onItsWay.abort();
    this.form.requestSubmit(event.submitter);
  }

  leave() {
    if (!this.changed || this.sent) return;
    clearTimeout(this.timer);
    fetch(this.form.dataset.draftTo, { ...this.request(), keepalive: true }).catch(() => {});
  }

  request() {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string") body.append(name, value);
    body.set("draft_author", document.body.dataset.worker || "");
    return { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin" };
  }

  async keep() {
    if (this.sent) return;
    if (this.keeping) {
      await this.keeping; // what was typed meanwhile goes straight after it
      if (!this.changed || this.keeping || this.sent) return;
    }
    this.changed = false;
    this.letters = 0;
    this.onItsWay = new AbortController();
    this.keeping = this.keepNow();
    await this.keeping;
    this.keeping = null;
  }

  async keepNow() {
    try {
      const answer = (await this.send()) || ((await this.renewed()) && (await this.send()));
      if (!answer) throw new Refused();
      this.say(`Draft saved at ${answer.saved}`);
    } catch (problem) {
      if (this.sent) return;
      this.changed = true;
      this.since = Date.now();
      this.say(problem instanceof Refused
        ? "Draft not saved: you have been signed out. Sign in again in another tab, and this page will go on saving."
        : "Draft not saved: Kith cannot be reached. Trying again.");
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.keep(), RETRY);
    }
  }

  // What the server answered, or nothing when it would not take the draft.
  async send() {
    const answer = await fetch(this.form.dataset.draftTo, { ...this.request(), signal: this.onItsWay.signal });
    if (answer.status >= 500) throw new Error("the server is not well");
    const isOurs = (answer.headers.get("Content-Type") || "").includes("json");
    return answer.ok && isOurs && !answer.redirected ? answer.json() : null;
  }

  // Signing in again changes the token that forms carry. The new one is taken only where the same person signed in.
  async renewed() {
    const answer = await fetch(this.form.dataset.draftTo, { credentials: "same-origin", signal: this.onItsWay.signal });
    if (!answer.ok || answer.redirected) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("input[name=csrfmiddlewaretoken]")?.value;
    if (!token || page.body.dataset.worker !== document.body.dataset.worker) return false;
    for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
    return true;
  }

  say(words) {
    if (this.status) this.status.textContent = words;
  }
}

class Refused extends Error {}
