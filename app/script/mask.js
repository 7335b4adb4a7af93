// What was revealed must not come back with the back button. A page that the browser kept whole
// is hidden as it leaves and asked for again as it returns; the server masks it anew.
export function hidePage() {
  document.documentElement.classList.add("left");
}

export function maskOnReturn() {
  addEventListener("pagehide", hidePage);
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
