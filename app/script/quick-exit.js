// Esc twice within a second: the page goes away at once and a neutral one takes its place, also
// in the history.
import { hidePage } from "./mask.js";

const NEUTRAL = "/help";
const WITHIN_MS = 1000;

export function leaveOnDoubleEscape() {
  let last = -Infinity;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    if (event.timeStamp - last <= WITHIN_MS) {
      hidePage();
      location.replace(NEUTRAL);
    }
    last = event.timeStamp;
  }, true);
}
