// The page's frame: the button for light and dark, and lists that close behind a link of theirs.
// Everything else of it works without scripts.
"use strict";

function modes(button) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const shown = () => root.dataset.theme || (system.matches ? "dark" : "light");
  const name = () => {
    button.textContent = shown() === "dark" ? "Light" : "Dark";
  };
  button.addEventListener("click", () => {
    root.dataset.theme = shown() === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("tallybook-mode", root.dataset.theme);
    } catch {
      // The choice holds for this page, then.
    }
    name();
  });
  system.addEventListener("change", name);
  name();
  button.hidden = false;
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".tb-mode").forEach(modes);
  for (const list of document.querySelectorAll("nav[popover]")) {
    list.addEventListener("click", (event) => {
      if (event.target.closest("a") && list.matches(":popover-open")) list.hidePopover();
    });
  }
});
