// The search page. Its index and its engine are loaded when a reader searches, and never before.
"use strict";

const MOST = 50; // results that are shown
// What readers look for first, where its title has what they typed: a chapter, a name that they may
// not know, a figure before what is computed from it.
const RANKS = {
  "page": 6,
  "name": 4,
  "figure": 1.5,
  "figure computed here": 0.5,
  "not in our copies": 0.5,
};
const PAGES_OF_A_FIGURE = 6; // that show it, beyond which more of them count no more

function rank(record, word) {
  const weight = record.named.has(word) ? RANKS[record.kind] || 1 : 1;
  // A figure that many pages show is more likely meant than one that few do.
  const shown = Math.min(Number(record.pages), PAGES_OF_A_FIGURE) / PAGES_OF_A_FIGURE;
  // One whose own digits are asked for stands before pages that mention them.
  const asked = isNumber(word) && record.numbers.has(word) ? 4 : 1;
  return weight * (1 + shown) * asked;
}

function searchEngine() {
  const records = window.tallybookSearch.map((record, number) => ({
    ...record,
    number,
    pairs: `${record.title}\n${record.text}`,
    named: termsOf(record.title),
    numbers: new Set(wordsOf(record.digits)),
  }));
  const engine = new MiniSearch({
    idField: "number",
    fields: ["title", "id", "digits", "text", "pairs"],
    storeFields: ["kind", "title", "address", "text", "pages", "named", "numbers"],
    tokenize: (text, field) => (field === "pairs" ? pairsOf(text) : wordsOf(text)),
    processTerm: (word) => !IDLE.has(word) && stem(word),
    searchOptions: {
      fields: ["title", "id", "digits", "text"],
      boost: { title: 4, id: 3, digits: 6 },
      weights: { fuzzy: 0.2, prefix: 0.5 },
      tokenize: (word) => [word],
    },
  });
  engine.addAll(records);
  return engine;
}

// Results to which those with some of the words are added.
const FEW = 3;

// What is found for words: what has all of them, or any; also where a text writes one as two.
function foundFor(engine, words, options) {
  // A word with the ending of a plural or tense is whole; any other may be the start of one.
  const mayGoOn = (word) => (isNumber(word) ? word.length > 2 : stem(word) === word);
  const oneWord = (word) => ({
    combineWith: "OR",
    queries: [
      { prefix: mayGoOn(word), queries: [word] },
      { fields: ["pairs"], fuzzy: false, queries: [word] },
    ],
  });
  const boostDocument = (_, word, record) => rank(record, word);
  return engine.search({ ...options, boostDocument, queries: words.map(oneWord) });
}

// What is found for a text in any of its readings, the best first. A result counts by the reading
// that fits it best, so that texts which have several spellings of a name are not before others.
function foundInReadings(engine, text, options) {
  const best = new Map();
  for (const { words, isOther } of readings(text, namesBySpelling(window.tallybookNames))) {
    for (const result of foundFor(engine, words, options)) {
      const known = best.get(result.id);
      const score = (result.score / words.length ** 2) * (isOther ? 0.5 : 1);
      const terms = [...(known ? known.terms : []), ...result.terms];
      best.set(result.id, { ...result, terms, score: Math.max(score, known ? known.score : 0) });
    }
  }
  return [...best.values()].sort((one, other) => other.score - one.score);
}

// What is found for a text: what has all of its words, the best first, and behind a few such what has
// some of them; and whether nothing has all. Nearly such words count where there are no others.
function found(engine, text) {
  const nearly = (word) => (isNumber(word) || word.length < 4 ? false : 0.2);
  const having = (combineWith) => {
    const results = foundInReadings(engine, text, { combineWith, fuzzy: false });
    if (results.length) return results;
    return foundInReadings(engine, text, { combineWith, fuzzy: nearly });
  };
  const all = having("AND");
  if (all.length >= FEW) return [all, false];
  const known = new Set(all.map((each) => each.id));
  return [[...all, ...having("OR").filter((each) => !known.has(each.id))], !all.length];
}

const isTerm = (word, terms) => terms.includes(stem(wordsOf(word)[0]));

// The text around the first term that it has, with each term marked.
function excerpt(text, terms) {
  const words = [...text.matchAll(WORDS)];
  const first = words.find((word) => isTerm(word[0], terms))?.index || 0;
  const start = first < 120 ? 0 : text.lastIndexOf(" ", first - 60) + 1;
  if (start + 220 >= text.length) return (start ? "… " : "") + text.slice(start);
  const end = text.lastIndexOf(" ", start + 220);
  return `${start ? "… " : ""}${text.slice(start, end)} …`;
}

function marked(text, terms) {
  const pieces = [];
  let end = 0;
  for (const word of text.matchAll(WORDS)) {
    if (!isTerm(word[0], terms)) continue;
    const mark = document.createElement("mark");
    mark.textContent = word[0];
    pieces.push(text.slice(end, word.index), mark);
    end = word.index + word[0].length;
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
  const files = ["_static/words.js", "_static/names.js", input.dataset.engine, input.dataset.index];
  let ready = null;

  function engine() {
    ready ||= Promise.all(files.map(window.tallybookLoad)).then(searchEngine);
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
      const [results, isPartly] = found(index, wanted);
      const shown = results.slice(0, MOST);
      list.replaceChildren(...shown.map(shownResult));
      const count = results.length === 1 ? "1 result" : `${results.length} results`;
      const all = results.length > MOST ? `${count}, the first ${MOST} shown` : count;
      status.textContent = isPartly && shown.length ? `Not all of these words in one place. ${all}` : all;
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
