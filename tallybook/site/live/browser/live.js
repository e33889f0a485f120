// Loads a page anew when it was built anew, and shows what is wrong with what was saved.
"use strict";

(() => {
  const script = document.currentScript;
  const version = script.dataset.version;
  const FIRST_WAIT = 200;
  const LONGEST_WAIT = 2000;
  let wait = FIRST_WAIT;
  let hidden = "";
  let isLeaving = false;

  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = "/_live/live.css";
  document.head.append(style);

  // The region has to be there before its text is, or it is not announced.
  const box = document.createElement("div");
  box.id = "tallybook-live";
  box.setAttribute("role", "alert");
  const toGo = document.createElement("div");
  toGo.id = "tallybook-to-go";
  document.body.append(box, toGo);

  function element(name, text) {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  }

  function show(problems) {
    const told = problems.join("\n");
    if (told === hidden && told) {
      return;
    }
    hidden = "";
    box.replaceChildren();
    if (!problems.length) {
      return;
    }
    const button = element("button", "Hide");
    button.type = "button";
    button.addEventListener("click", () => hide(told));
    const list = document.createElement("ul");
    list.append(...problems.map((problem) => element("li", problem)));
    list.tabIndex = 0;
    box.append(element("h2", "The book is not built"), button, list);
  }

  function hide(told) {
    hidden = told;
    box.replaceChildren();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && box.firstChild) {
      box.querySelector("button").click();
    }
  });

  function hear(state) {
    show(state.problems);
    const pages = state.to_go === 1 ? "page" : "pages";
    toGo.textContent = state.to_go ? `${state.to_go} ${pages} to go` : "";
    if (state.version !== version && !isLeaving) {
      isLeaving = true;
      location.reload(); // which keeps the place
    }
  }

  function connect() {
    const page = encodeURIComponent(location.pathname);
    const socket = new WebSocket(`ws://${location.host}/_live/socket?page=${page}`);
    socket.addEventListener("open", () => (wait = FIRST_WAIT));
    socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      setTimeout(connect, wait);
      wait = Math.min(2 * wait, LONGEST_WAIT);
    });
  }

  connect();
})();
