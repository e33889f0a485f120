// The card of a figure: what its note says, beside the figure, on hover, focus or tap. Screen readers
// have the note by aria-describedby; without scripts a figure is a link to its page.
"use strict";

const CARD_DELAYS = { open: 250, close: 250 }; // milliseconds: to pass by, and to cross the gap
const CARD_MARGIN = 8; // pixels, to the figure and to the window's edges

function figureCards() {
  const article = document.querySelector("article") || document.body;
  const card = document.createElement("div");
  card.className = "tb-card";
  card.hidden = true;
  card.setAttribute("aria-hidden", "true"); // for it would be said twice
  article.append(card);
  let current = null;
  let timer = 0;
  let tapped = null;
  let isHeld = false; // a finger or button is down on the card

  const noteOf = (figure) => document.getElementById(figure.getAttribute("aria-describedby"));

  function fill(figure) {
    card.replaceChildren(...[...noteOf(figure).childNodes].map((node) => node.cloneNode(true)));
    const line = document.createElement("p");
    const link = document.createElement("a");
    link.href = figure.href;
    link.tabIndex = -1; // the figure itself is the link to the same page for the keyboard
    link.textContent = "More on this figure";
    line.append(link);
    card.append(line);
  }

  // Below the line of the figure that the pointer is on; above it where there is more room.
  function place(figure, x) {
    const boxes = [...figure.getClientRects()];
    const box = boxes.find((each) => x >= each.left && x <= each.right) || boxes.at(-1);
    if (!box) return;
    const width = document.documentElement.clientWidth;
    const height = window.innerHeight;
    card.style.maxHeight = "";
    const size = card.getBoundingClientRect();
    const below = height - box.bottom - 2 * CARD_MARGIN;
    const above = box.top - 2 * CARD_MARGIN;
    const isBelow = below >= size.height || below >= above;
    const room = Math.max(isBelow ? below : above, 80);
    const tall = Math.min(size.height, room);
    const left = Math.min(box.left, width - size.width - CARD_MARGIN);
    card.style.maxHeight = `${room}px`;
    card.style.left = `${Math.max(CARD_MARGIN, left)}px`;
    card.style.top = `${isBelow ? box.bottom + CARD_MARGIN : Math.max(CARD_MARGIN, box.top - CARD_MARGIN - tall)}px`;
  }

  function open(figure, x) {
    clearTimeout(timer);
    if (current === figure || !noteOf(figure)) return;
    current = figure;
    fill(figure);
    card.hidden = false;
    card.scrollTop = 0;
    place(figure, x);
  }

  function close() {
    clearTimeout(timer);
    current = null;
    card.hidden = true;
  }

  function soon(action, delay) {
    clearTimeout(timer);
    timer = setTimeout(action, delay);
  }

  for (const figure of document.querySelectorAll("a.tallybook-figure[aria-describedby]")) {
    figure.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "touch") return;
      if (current === figure) clearTimeout(timer);
      else soon(() => open(figure, event.clientX), current ? 80 : CARD_DELAYS.open);
    });
    figure.addEventListener("pointerleave", (event) => {
      if (event.pointerType !== "touch") soon(close, CARD_DELAYS.close);
    });
    figure.addEventListener("focus", () => {
      if (!tapped) open(figure, -1);
    });
    // At once, so that it covers nothing that has the focus next; not under the reader's pointer.
    figure.addEventListener("blur", () => {
      if (!isHeld && !card.matches(":hover")) close();
    });
    // The first tap opens the card, the second follows the link, as Enter and a click do.
    figure.addEventListener("pointerdown", (event) => {
      tapped = event.pointerType === "touch" && current !== figure ? figure : null;
    });
    figure.addEventListener("click", (event) => {
      if (tapped !== figure) return;
      event.preventDefault();
      open(figure, event.clientX);
      tapped = null;
    });
  }

  card.addEventListener("pointerenter", () => clearTimeout(timer));
  card.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch") soon(close, CARD_DELAYS.close);
  });
  // Before the figure loses the focus by it.
  document.addEventListener("pointerdown", (event) => {
    isHeld = card.contains(event.target);
    const isOutside = current && !isHeld && !current.contains(event.target);
    if (isOutside) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && current) close();
  });
  function follow() {
    const box = current.getBoundingClientRect();
    if (box.bottom < 0 || box.top > window.innerHeight) close();
    else place(current, -1);
  }
  document.addEventListener("scroll", (event) => {
    if (current && !card.contains(event.target)) follow();
  }, { capture: true, passive: true });
  window.addEventListener("resize", () => {
    if (current) follow();
  });
}

document.addEventListener("DOMContentLoaded", () => {
  if (document.querySelector(".tb-notes")) figureCards();
});
