// "Explore": a drawing becomes an interactive chart in its own place. What that takes is loaded
// from beside the pages, once, when it is asked for; without scripts the drawings stand as they are.
"use strict";

(() => {
  const nowhere = () => Promise.reject(new Error("a chart loads nothing"));
  const noLoader = { load: nowhere, sanitize: nowhere, http: nowhere, file: nowhere };

  const bubble = document.createElement("div");
  bubble.className = "tb-tip";
  bubble.hidden = true;

  // A line a fact, as "Who says so: Kettle Club": its name stands before the colon.
  function lines(text) {
    return text.split("\n").map((line) => {
      const [name, ...rest] = line.split(": ");
      const shown = document.createElement("div");
      const bold = document.createElement("b");
      bold.textContent = rest.length ? `${name}: ` : "";
      shown.append(bold, rest.length ? rest.join(": ") : name);
      return shown;
    });
  }

  function showTip(text, x, y) {
    bubble.hidden = !text;
    if (!text) return;
    bubble.replaceChildren(...lines(text));
    document.body.append(bubble);
    const box = bubble.getBoundingClientRect();
    const left = Math.min(x + 12, document.documentElement.clientWidth - box.width - 8);
    const below = y + 16 + box.height < window.innerHeight;
    bubble.style.left = `${Math.max(left, 8)}px`;
    bubble.style.top = `${below ? y + 16 : Math.max(y - box.height - 12, 8)}px`;
  }

  // A line or an area goes through the marks of many figures, and stands for none of them.
  const isDrawnThrough = (item) => ["line", "area", "trail"].includes(item?.mark?.marktype);

  // Vega calls it without an event when a drawing is taken away.
  // A finger that is lifted has left the mark, and its words have to stay.
  function onPoint(_, event, item, text) {
    if (event?.pointerType === "touch") return;
    showTip(text && event && !isDrawnThrough(item) ? String(text) : "", event?.clientX, event?.clientY);
  }

  // Each mark that has something to say is reached by keyboard too, and read out.
  function openToKeys(live) {
    const said = new Set();
    const over = (mark, type) => mark.dispatchEvent(new PointerEvent(type, { bubbles: true }));
    for (const mark of live.querySelectorAll('[class*="mark-"] > path, [class*="mark-"] > line, [class*="mark-"] > text')) {
      const item = mark.__data__ && (Array.isArray(mark.__data__) ? mark.__data__[0] : mark.__data__);
      const text = item && item.tooltip;
      if (!text || isDrawnThrough(item)) continue;
      mark.setAttribute("aria-label", String(text).replaceAll("\n", "; "));
      mark.setAttribute("role", "img");
      mark.addEventListener("pointerdown", (event) => showTip(String(text), event.clientX, event.clientY));
      if (said.has(text)) continue; // several marks of one figure need one stop
      said.add(text);
      mark.setAttribute("tabindex", "0");
      mark.addEventListener("focus", () => {
        const box = mark.getBoundingClientRect();
        over(mark, "pointerover"); // what it is tied to lights up, as when one points at it
        showTip(String(text), box.left + box.width / 2, box.bottom);
      });
      mark.addEventListener("blur", () => {
        over(mark, "pointerout");
        showTip("");
      });
      mark.addEventListener("keydown", (event) => {
        if (event.key === "Escape") showTip("");
      });
    }
  }

  async function interactive(figure, form) {
    const files = ["_static/vega.js", `charts/${figure.id}.js`];
    await Promise.all(files.map(window.tallybookLoad));
    const live = document.createElement("div");
    live.className = "tb-live";
    // Expressions are interpreted (ast), for no page may compile them, and nothing puts styles in.
    const { view } = await window.vegaEmbed(live, window.tallybookCharts[figure.id][form], {
      actions: false, ast: true, defaultStyle: false, loader: noLoader, mode: "vega-lite",
      renderer: "svg", tooltip: onPoint,
    });
    await view.runAsync();
    const svg = live.querySelector("svg");
    svg.setAttribute("role", "group");
    svg.setAttribute("aria-label", figure.querySelector("title").textContent);
    openToKeys(live);
    live.addEventListener("pointerdown", () => showTip(""), { capture: true });
    live.addEventListener("pointerleave", (event) => event.pointerType === "touch" || showTip(""));
    return { live, view };
  }

  function explorable(figure) {
    const button = figure.querySelector(".tb-explore");
    if (!button) return; // none of its marks has anything to say
    const status = figure.querySelector(".tb-status");
    const shown = [];
    button.hidden = false;

    function back() {
      for (const { live, view, drawing } of shown.splice(0)) {
        live.replaceWith(drawing);
        view.finalize();
      }
      showTip("");
      button.textContent = "Explore";
    }

    async function explore() {
      const form = figure.querySelector(".tb-wide").getClientRects().length ? "wide" : "narrow";
      const drawing = figure.querySelector(`.tb-${form} svg`);
      button.setAttribute("aria-busy", "true");
      status.textContent = "";
      try {
        const { live, view } = await interactive(figure, form);
        drawing.replaceWith(live);
        shown.push({ live, view, drawing });
        button.textContent = "Back to the drawing";
        status.textContent = "Point at a mark, touch it, or go from one to the next with Tab.";
        live.querySelector("[tabindex]")?.focus({ preventScroll: true });
      } catch (error) {
        status.textContent = `The interactive chart cannot be shown: ${error.message}. The drawing stands.`;
      }
      button.removeAttribute("aria-busy");
    }

    button.addEventListener("click", () => {
      if (button.hasAttribute("aria-busy")) return;
      if (shown.length) {
        status.textContent = "";
        back();
      } else explore();
    });
  }

  function start() {
    document.querySelectorAll(".tallybook-chart").forEach(explorable);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
