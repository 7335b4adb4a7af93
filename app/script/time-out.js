// Warns before an idle session ends, lets a person stay, and leaves the page when it is over.
// The words and the numbers are in the page: <dialog id="time-out" data-idle-seconds …>.
import { hidePage } from "./mask.js";

export function warnBeforeTimeOut(dialog) {
  if (!dialog) return;
  const { idleSeconds, warnSeconds, extend, ended } = dialog.dataset;
  const idle = Number(idleSeconds) * 1000;
  const warning = Math.min(Number(warnSeconds) * 1000, idle / 2);
  // Clock time, not timers: a sleeping phone stops timers but not the session.
  let end = Date.now() + idle;
  let timer;

  function look() {
    const left = end - Date.now();
    if (left <= 0) {
      hidePage();
      location.replace(ended);
      return;
    }
    if (left <= warning && !dialog.open) dialog.showModal();
    timer = setTimeout(look, Math.max(left > warning ? left - warning : left, 250));
  }

  async function stay() {
    let answer;
    try {
      answer = await fetch(extend, { method: "POST", redirect: "manual" });
    } catch {
      return; // No connection: the warning stays, another try is one press away.
    }
    if (!answer.ok) {
      hidePage();
      location.replace(ended);
      return;
    }
    end = Date.now() + idle;
    dialog.close();
    clearTimeout(timer);
    look();
  }

  dialog.querySelector("[data-extend-session]")?.addEventListener("click", stay);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    stay();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    clearTimeout(timer);
    look();
  });
  look();
}
