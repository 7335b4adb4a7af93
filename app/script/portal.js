// Everything here only adds: each page is complete without it.
import { leaveOnDoubleEscape } from "./quick-exit.js";
import { maskOnReturn } from "./mask.js";
import { warnBeforeTimeOut } from "./time-out.js";

for (const element of document.querySelectorAll("[data-with-script]")) {
  element.hidden = false;
}

// After a form came back with errors, start at their summary.
document.querySelector("[data-focus]")?.focus();

leaveOnDoubleEscape();
maskOnReturn();
warnBeforeTimeOut(document.getElementById("time-out"));
