// The page's frame: the button for light and dark, and lists that close behind a link of theirs.
// Everything else of it works without scripts.
"use strict";

// Load a script by its path on the site, once, when it is needed.
window.tallybookLoad = (() => {
  const site = new URL("..", document.currentScript.src);
  const loading = new Map();

  // A script element, for a page that is opened as a file may not fetch.
  return (path) => {
    if (!loading.has(path)) {
      loading.set(path, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = new URL(path, site).href;
        script.addEventListener("load", resolve);
        script.addEventListener("error", () => {
          loading.delete(path);
          script.remove();
          reject(new Error(`${path} cannot be loaded`));
        });
        document.head.append(script);
      }));
    }
    return loading.get(path);
  };
})();

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
