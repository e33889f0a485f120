// How the search and the filters of tables compare words: not by what is typed alone, but by
// rules for plurals and tenses, for words that some write as two, and by the book's names.
"use strict";

const WORDS = /\d[\d,]*(?:\.\d+)?(?![\p{L}\d])|[\p{L}\d][\p{L}\p{M}\d]*/gu;
// Words that nearly every text has, or that a question has besides what it is about.
const IDLE = new Set((
  "a an and are at be by did do does for from has have how in is it its of on or s that the this "
  + "to was were what when where which who why with"
).split(" "));
const LONGEST_NAME = 8; // words

const isNumber = (word) => /^\d[\d.]*$/.test(word);

// The words of a text without capitals and accents, of numbers without the commas between digits:
// 1,606 and 1606 are one word, 4.3 another.
function wordsOf(text) {
  const found = text.normalize("NFKD").match(WORDS) || [];
  return found.map((word) => word.replace(/,|\p{M}/gu, "").toLowerCase());
}

// A word without the ending of its plural or tense, so that "recalls" and "recalled" are one.
function stem(word) {
  if (/\d/.test(word) || word.length < 4) return word;
  let short = word;
  if (/ies$/.test(short)) short = `${short.slice(0, -3)}y`;
  else if (/(?:s|x|z|ch|sh)es$/.test(short)) short = short.slice(0, -2);
  else if (/[^aisu]s$/.test(short)) short = short.slice(0, -1);
  const ended = /^(.*[aeiouy].*?)(?:ed|ing)$/.exec(short);
  if (ended && ended[1].length > 2) short = ended[1].replace(/([bdfgmnprt])\1$/, "$1");
  return short.length > 3 ? short.replace(/e$/, "") : short;
}

const PAIRS = /(?<![\p{L}\p{M}\d])(\p{L}[\p{L}\p{M}]+)(?=[\s-](\p{L}[\p{L}\p{M}]+))/gu;

// Each two words that stand side by side, once, as the one word that others write: "lidmaker".
function pairsOf(text) {
  const found = new Set();
  for (const [, first, second] of text.normalize("NFKD").matchAll(PAIRS)) {
    const pair = [first.toLowerCase(), second.toLowerCase()];
    if (!pair.some((word) => IDLE.has(word))) found.add(pair.join("").replace(/\p{M}/gu, ""));
  }
  return [...found];
}

// All words of a text, and each two of them as one, by their stems.
const termsOf = (text) => new Set([...wordsOf(text), ...pairsOf(text)].map(stem));

const joined = (words) => words.map(stem).join("");

// The names of the book, by each spelling of theirs as one word.
function namesBySpelling(names) {
  const found = new Map();
  for (const spellings of names) {
    const all = spellings.map((each) => wordsOf(each));
    all.forEach((words) => found.set(joined(words), all));
  }
  return found;
}

// The ways to read what was typed, each as words: as it is; each two words as one; and with any
// other spelling in the place of a name.
function readings(text, names) {
  const typed = wordsOf(text);
  const found = new Map();
  const add = (words, isOther) => {
    const told = words.filter((word) => !IDLE.has(word));
    if (told.length && !found.has(told.join(" "))) found.set(told.join(" "), { words: told, isOther });
  };
  add(typed, false);
  for (let start = 0; start < typed.length; start += 1) {
    const most = Math.min(typed.length, start + LONGEST_NAME);
    for (let end = start + 1; end <= most; end += 1) {
      const [before, within, after] = [typed.slice(0, start), typed.slice(start, end), typed.slice(end)];
      if (within.length === 2 && !/\d/.test(within)) add([...before, within.join(""), ...after], false);
      for (const words of names.get(joined(within)) || []) add([...before, ...words, ...after], true);
    }
  }
  return [...found.values()];
}
