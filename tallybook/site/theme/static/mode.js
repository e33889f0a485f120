// Before the first paint: the reader's own choice of light or dark, if there is one.
"use strict";
try {
  const mode = localStorage.getItem("tallybook-mode");
  if (mode === "light" || mode === "dark") document.documentElement.dataset.theme = mode;
} catch {
  // Storage can be closed to a page; the system's choice holds then.
}
