// Sorting and filtering of tables that ask for it. Without scripts they are plain tables.
"use strict";

function cellText(row, column) {
  return row.cells[column].textContent.trim();
}

// Figures by their number ("RMB 2.67 million"), all else by its words, after the figures.
function number(text) {
  const found = /^\D*?(\d[\d,]*(?:\.\d+)?)(?:\s+(million|billion))?/.exec(text);
  if (!found || !/^[^a-z]*$|^(?:[a-z-]+ )*(?:RMB )?\d/i.test(text)) return null;
  return Number(found[1].replaceAll(",", "")) * ({ million: 1e6, billion: 1e9 }[found[2]] || 1);
}

// What a figure counts, so that months and percent are not sorted among each other.
function unit(text) {
  if (/RMB|%|percent|times/.test(text)) return /RMB|%|percent|times/.exec(text)[0].replace("percent", "%");
  return (/\d\S*\s+([a-z]+)/i.exec(text) || ["", ""])[1].replace(/^(million|billion)$/, "");
}

function compared(a, b) {
  const [one, other] = [number(a), number(b)];
  if (one !== null && other !== null) {
    const [here, there] = [unit(a), unit(b)];
    if (here !== there) return here.localeCompare(there, "en");
    if (one !== other) return one - other;
  }
  if ((one === null) !== (other === null)) return one === null ? 1 : -1;
  return a.localeCompare(b, "en");
}

function sortable(table) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tallybook-sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].sort((a, b) =>
        compared(cellText(a, column), cellText(b, column)));
      body.append(...(down ? rows.reverse() : rows));
    });
  });

  // The field stands before the table, hidden, so that nothing moves when it can be used.
  const field = (table.closest(".pst-scrollable-table-container") || table).previousElementSibling;
  const input = field.querySelector("input");
  const shown = field.querySelector("[role=status]");
  field.hidden = false;
  const filter = () => {
    const isShown = rowFilter(input.value);
    let count = 0;
    for (const row of body.rows) {
      row.hidden = !isShown(row);
      count += !row.hidden;
    }
    shown.textContent = input.value ? `${count} ${count === 1 ? "row" : "rows"}` : "";
  };
  input.addEventListener("input", filter);
  // Until the names are there, and where they cannot be loaded, what is typed is looked for as it is.
  input.addEventListener("focus", () => knowNames().then(filter, filter), { once: true });
}

let knownNames = null; // of the book, by their spellings, once a filter is used

async function knowNames() {
  await Promise.all(["_static/words.js", "_static/names.js"].map(window.tallybookLoad));
  knownNames = namesBySpelling(window.tallybookNames);
}

// Whether a row has each word that was typed, as it is or by the rules of words.js.
function rowFilter(typed) {
  const words = typed.toLowerCase().trim().split(/\s+/);
  const ways = knownNames ? readings(typed, knownNames) : [];
  return (row) => {
    const text = [...row.cells].map((cell) => cell.textContent).join(" ").toLowerCase();
    if (words.every((word) => text.includes(word))) return true;
    const known = ways.length ? termsOf(text) : null;
    return ways.some((way) => way.words.every((word) => known.has(stem(word))));
  };
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("table.tallybook-sortable").forEach(sortable);
});
