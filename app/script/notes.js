// What a cell of the sharing grid says beside it goes away with Escape, without moving pointer or focus, and is there again
// for the next cell (WCAG 1.4.13).
export function putNotesAway(grid) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") grid.classList.add("quiet");
  });
  for (const leaving of ["pointerout", "focusout"]) {
    grid.addEventListener(leaving, () => grid.classList.remove("quiet"));
  }
}
