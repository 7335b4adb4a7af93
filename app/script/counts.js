// Counts anew what an agreement opens as its answers change: sends the form as its own button would, and takes the
// counts out of the page that comes back. Without script the button does it.
const PAUSE_MS = 400;

export function countAsChosen(form) {
  const place = form.querySelector("#counts");
  const button = place?.querySelector("button[value=count]");
  if (!button) return;
  let timer;
  let under;

  async function count() {
    under?.abort();
    under = new AbortController();
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") fields.append(name, value);
    }
    fields.append(button.name, button.value);
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: fields,
        redirect: "manual",
        signal: under.signal,
      });
      // Something is still to be put right, or the session is over: the page says so once it is sent.
      if (answer.status !== 200) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const counts = page.getElementById("counts");
      if (!counts) return;
      for (const old of [...place.childNodes]) if (old !== button) old.remove();
      for (const part of [...counts.childNodes]) {
        if (!(part instanceof HTMLButtonElement)) button.before(part);
      }
    } catch (error) {
      if (error.name !== "AbortError") place.dataset.failed = "";
    }
  }

  form.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(count, PAUSE_MS);
  });
}
