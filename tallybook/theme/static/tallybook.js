// The button for light and dark. Everything else of the page's frame works without scripts.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector(".tb-mode");
  if (!button) return;
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
});
