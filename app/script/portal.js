// Everything here only adds: each page is complete without it.
import { leaveOnDoubleEscape } from "./quick-exit.js";
import { maskOnReturn } from "./mask.js";
import { closeInTime } from "./open-page.js";
import { warnBeforeTimeOut } from "./time-out.js";

for (const element of document.querySelectorAll("[data-with-script]")) {
  element.hidden = false;
}

// After a form came back with errors, start at their summary.
document.querySelector("[data-focus]")?.focus();

leaveOnDoubleEscape();
maskOnReturn();
const leave = warnBeforeTimeOut(document.getElementById("time-out"));
closeInTime(document.getElementById("main"), document.getElementById("page-closed"), leave);

const grids = document.querySelectorAll(".grid");
if (grids.length > 0) {
  const { putNotesAway } = await import("./notes.js");
  grids.forEach(putNotesAway);
}

const passkeys = document.querySelectorAll("[data-passkey], [data-passkey-missing]");
if (passkeys.length > 0) {
  const { offerPasskeys } = await import("./passkey.js");
  offerPasskeys(document.querySelectorAll("[data-passkey]"));
}

const counted = document.querySelector("form[data-counts]");
if (counted) {
  const { countAsChosen } = await import("./counts.js");
  countAsChosen(counted);
}
