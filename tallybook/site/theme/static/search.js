// The search page. Its index and its engine are loaded when a reader searches, and never before.
"use strict";

const SEARCH_WORDS = /\d[\d,]*(?:\.\d+)?|\p{L}[\p{L}\p{M}]*/gu;

// Digits stay, without the commas between them: 1,606 and 1606 are one term, 4.3 another.
function searchTerms(text) {
  const found = text.normalize("NFKD").match(SEARCH_WORDS) || [];
  return found.map((term) => term.replace(/,|\p{M}/gu, "").toLowerCase());
}

const isNumber = (term) => /^\d/.test(term);

function searchEngine() {
  const engine = new MiniSearch({
    idField: "number",
    fields: ["title", "id", "digits", "text"],
    storeFields: ["kind", "title", "address", "text", "id", "digits"],
    tokenize: searchTerms,
    processTerm: (term) => term,
    searchOptions: {
      boost: { title: 4, id: 3, digits: 6 },
      prefix: (term) => !isNumber(term) || term.length > 2,
      fuzzy: (term) => (isNumber(term) || term.length < 5 ? false : 0.2),
      weights: { fuzzy: 0.2, prefix: 0.5 },
      // A figure whose own digits are asked for stands before pages that mention them.
      boostDocument: (_, term, stored) =>
        (isNumber(term) && searchTerms(stored.digits).includes(term) ? 4 : 1),
    },
  });
  engine.addAll(window.tallybookSearch.map((record, number) => ({ ...record, number })));
  return engine;
}

function loaded(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    script.src = address;
    document.head.append(script);
  });
}

// The text around the first term that it has, with each term marked.
function excerpt(text, terms) {
  const words = [...text.matchAll(SEARCH_WORDS)];
  const first = words.find((found) => terms.includes(searchTerms(found[0])[0]))?.index || 0;
  const start = first < 120 ? 0 : text.lastIndexOf(" ", first - 60) + 1;
  if (start + 220 >= text.length) return (start ? "… " : "") + text.slice(start);
  const end = text.lastIndexOf(" ", start + 220);
  return `${start ? "… " : ""}${text.slice(start, end)} …`;
}

function marked(text, terms) {
  const pieces = [];
  let end = 0;
  for (const found of text.matchAll(SEARCH_WORDS)) {
    const [term] = searchTerms(found[0]);
    if (!terms.includes(term)) continue;
    const mark = document.createElement("mark");
    mark.textContent = found[0];
    pieces.push(text.slice(end, found.index), mark);
    end = found.index + found[0].length;
  }
  return [...pieces, text.slice(end)];
}

function shownResult(result) {
  const entry = document.createElement("li");
  const link = document.createElement("a");
  const kind = document.createElement("span");
  const text = document.createElement("p");
  link.href = result.address;
  link.append(...marked(result.title, result.terms));
  kind.className = "tb-kind";
  kind.textContent = result.kind;
  text.append(...marked(excerpt(result.text, result.terms), result.terms));
  entry.append(link, " ", kind, text);
  return entry;
}

document.addEventListener("DOMContentLoaded", () => {
  const input = document.getElementById("tb-find");
  if (!input) return;
  const status = document.getElementById("tb-found");
  const list = document.getElementById("tb-results");
  let ready = null;

  function engine() {
    ready ||= loaded(input.dataset.engine)
      .then(() => loaded(input.dataset.index))
      .then(searchEngine);
    return ready;
  }

  async function search() {
    const wanted = input.value.trim();
    if (!wanted) {
      list.replaceChildren();
      status.textContent = "";
      return;
    }
    try {
      const index = await engine();
      if (wanted !== input.value.trim()) return;
      let found = index.search(wanted, { combineWith: "AND" });
      const isPartly = !found.length;
      if (isPartly) found = index.search(wanted, { combineWith: "OR" });
      const shown = found.slice(0, 50);
      list.replaceChildren(...shown.map(shownResult));
      const many = found.length > shown.length ? `${found.length} results, the first ${shown.length} shown` : `${found.length} results`;
      const count = found.length === 1 ? "1 result" : many;
      status.textContent = isPartly && found.length ? `Not all of these words in one place. ${count}` : count;
    } catch {
      ready = null;
      status.textContent = "The index could not be loaded. Try again, or look into the table of all figures.";
    }
  }

  let timer = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 150);
  });
  input.form.addEventListener("submit", (event) => {
    event.preventDefault();
    try {
      history.replaceState(null, "", `?q=${encodeURIComponent(input.value)}`);
    } catch {
      // From a file, some browsers keep the address as it is.
    }
    search();
  });
  const given = new URLSearchParams(location.search).get("q");
  if (given) {
    input.value = given;
    search();
  }
});
