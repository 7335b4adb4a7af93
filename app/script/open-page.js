// Closes this page when what it shows may no longer be seen, and leaves it when the session ended elsewhere.
// One window of a browser holds the stream for all of them: over HTTP/1.1 a browser has six connections to a site.
// The words, the ticket and the address are in the page: <main data-ticket>, <template id="page-closed">.
import { hidePage } from "./mask.js";

const AGAIN_MS = 3000;
const TOGETHER_MS = 30;
// What proxies take in an address; a ticket is some hundred characters.
const ADDRESS_LENGTH = 7000;

export function closeInTime(main, words, leave) {
  const ticket = main?.dataset.ticket;
  if (!ticket || !words) return;
  const windows = new BroadcastChannel("open-pages");
  let lead;

  function close() {
    if (!words) return;
    main.replaceChildren(words.content.cloneNode(true));
    main.querySelector("a").href = location.pathname + location.search;
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    document.title = words.dataset.title;
    main.focus();
    main.dataset.closed = String(performance.timeOrigin + performance.now());
  }

  function over() {
    hidePage();
    leave();
  }

  /** Hears for all windows, and says it to them. */
  function holdStream() {
    // The newest last.
    const open = new Set([ticket]);
    let source;
    let soon;

    function say(which) {
      open.delete(which);
      if (which === ticket) close();
      else windows.postMessage({ close: which });
    }

    function allOver() {
      source.close();
      windows.postMessage({ over: true });
      over();
    }

    function connect() {
      source?.close();
      let asked = [...open];
      // What finds no room is not watched, so it is closed.
      while (asked.join("&page=").length > ADDRESS_LENGTH) say(asked.shift());
      const address = `${words.dataset.events}?${asked.map((one) => `page=${one}`).join("&")}`;
      const own = new EventSource(address);
      source = own;
      own.addEventListener("close", ({ data }) => say(asked[Number(data)]));
      own.addEventListener("over", allOver);
      own.addEventListener("error", async () => {
        // While it is connecting again by itself there is nothing to do.
        if (own.readyState !== EventSource.CLOSED || own !== source) return;
        const answer = await fetch(words.dataset.events, { method: "HEAD" }).catch(() => undefined);
        if (answer?.status === 401) allOver();
        else setTimeout(connect, AGAIN_MS);
      });
    }

    connect();
    windows.postMessage({ whoIsOpen: true });
    return ({ opened, gone }) => {
      if (gone) open.delete(gone);
      if (!opened || open.has(opened)) return;
      open.add(opened);
      clearTimeout(soon);
      soon = setTimeout(connect, TOGETHER_MS);
    };
  }

  windows.addEventListener("message", ({ data }) => {
    if (data.close === ticket) close();
    if (data.over) over();
    if (data.whoIsOpen) windows.postMessage({ opened: ticket });
    lead?.(data);
  });
  addEventListener("pagehide", () => windows.postMessage({ gone: ticket }));

  if (!navigator.locks) {
    lead = holdStream();
    return;
  }
  navigator.locks.request("open-pages", () => {
    lead = holdStream();
    // Held until the window goes; then another one has it.
    return new Promise(() => {});
  });
  windows.postMessage({ opened: ticket });
}
