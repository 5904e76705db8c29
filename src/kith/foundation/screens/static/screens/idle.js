// Warns before a session ends because nobody used it, and lets whoever is there go on. The server decides; this only asks.
const WARN = 120; // seconds before the end
const BEAT = 60000; // while somebody types or points, tell the server so at most this often
const SOONEST = 15, LATEST = 300; // seconds until the server is asked again

export function watchIdle() {
  const box = document.querySelector("[data-idle]");
  if (!box) return;
  let told = Date.now();
  let active = false;
  for (const kind of ["input", "keydown", "pointerdown", "scroll"]) {
    addEventListener(kind, () => (active = true), { passive: true });
  }
  box.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    stay();
  });
  setInterval(() => active && box.hidden && Date.now() - told > BEAT && stay(), SOONEST * 1000);
  setTimeout(look, LATEST * 1000);

  async function look() {
    const left = await ask();
    setTimeout(look, 1000 * Math.min(LATEST, Math.max(SOONEST, left - WARN)));
  }

  async function ask() {
    const answer = await fetch(box.dataset.idleLeft, { credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) return LATEST;
    const { left } = await answer.json();
    if (left <= 0) say("You have been signed out. What you had typed is in your drafts.", true);
    else if (left <= WARN) say(`You will be signed out in ${left > 60 ? "two minutes" : "a minute"}.`);
    else box.hidden = true;
    return left;
  }

  async function stay() {
    active = false;
    told = Date.now();
    const answer = await fetch(box.dataset.idleStay, { method: "POST", body: new FormData(box.querySelector("form")), credentials: "same-origin" }).catch(() => null);
    if (answer?.ok && !answer.redirected) box.hidden = true;
  }

  function say(words, ended = false) {
    const said = box.querySelector("[data-idle-said]");
    if (said.textContent !== words) said.textContent = words;
    box.querySelector("form").hidden = ended;
    box.hidden = false;
  }
}
