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
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/);
    let count = 0;
    for (const row of body.rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      count += !row.hidden;
    }
    shown.textContent = input.value ? `${count} rows` : "";
  });
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("table.tallybook-sortable").forEach(sortable);
});
