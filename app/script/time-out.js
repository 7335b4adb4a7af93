// Warns before an idle session ends, lets a person stay, and leaves the page when it is over; gives the way to leave.
// The words and the numbers are in the page: <dialog id="time-out" data-idle-seconds …>.
import { hidePage } from "./mask.js";

// Never kept, whatever happens to the page: passwords and codes.
const SECRET = "[type=password], [autocomplete=one-time-code]";
const AGAIN_MS = 30_000;

/** The form that was typed into last, as it would be sent, without secrets. */
function typed(form) {
  const data = new FormData(form);
  for (const field of form.querySelectorAll(SECRET)) data.delete(field.name);
  const fields = new URLSearchParams();
  for (const [name, value] of data) if (typeof value === "string") fields.append(name, value);
  fields.append("keep-action", new URL(form.action, location.href).pathname);
  fields.append("keep-page", location.pathname + location.search);
  return fields;
}

export function warnBeforeTimeOut(dialog) {
  if (!dialog) return;
  const { idleSeconds, warnSeconds, extend, ended, keep } = dialog.dataset;
  const idle = Number(idleSeconds) * 1000;
  const warning = Math.min(Number(warnSeconds) * 1000, idle / 2);
  // Clock time, not timers: a sleeping phone stops timers but not the session.
  let end = Date.now() + idle;
  let timer;
  let form;
  let leaving = false;

  // Whatever happens in another window of this browser keeps the session alive here too.
  const windows = new BroadcastChannel("time-out");
  windows.postMessage(end);
  windows.addEventListener("message", ({ data }) => {
    if (!(Number(data) > end)) return;
    end = Number(data);
    if (dialog.open) dialog.close();
    clearTimeout(timer);
    look();
  });

  document.addEventListener("input", ({ target }) => {
    const around = target.closest?.("form");
    if (around?.method === "post") form = around;
  });

  async function leave() {
    if (leaving) return;
    leaving = true;
    hidePage();
    try {
      if (form) {
        const { status } = await fetch(keep, { method: "POST", body: typed(form), redirect: "manual" });
        if (status === 409) {
          // The session goes on: this window did not hear of it.
          leaving = false;
          document.documentElement.classList.remove("left");
          end = Date.now() + AGAIN_MS;
          look();
          return;
        }
      }
    } catch {
      // No connection: what was typed is lost, the record is hidden all the same.
    }
    location.replace(ended);
  }

  function look() {
    const left = end - Date.now();
    if (left <= 0) {
      leave();
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
      leave();
      return;
    }
    end = Date.now() + idle;
    windows.postMessage(end);
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
  return leave;
}
