// Looks at the page it runs in. Each probe gives rows of [where, found, expected], none if all is
// well; `checks.py` puts this text into the page, and calls one.
"use strict";

const CHARTS = "figure.tallybook-chart";
const DRAWINGS = ".tb-wide > svg, .tb-narrow > svg";
const TEXT_LEAST = 4.5;
const MARK_LEAST = 3;
// Lines that help the eye along, and say nothing that the marks and labels do not.
// A drawing in the page keeps no classes: there it is their colour that tells them.
const DECORATION = /\brole-(axis-(grid|domain|tick)|frame|scope)\b/;
const COLOUR_OF_DECORATION = /^var\(--tb-line\b/;

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const frame = () => new Promise((done) => requestAnimationFrame(() => done()));
const round = (number) => Math.round(number * 100) / 100;

function where(element) {
  const parts = [];
  for (let at = element; at && at !== document.documentElement; at = at.parentElement) {
    if (at.id) { parts.unshift(`#${CSS.escape(at.id)}`); break; }
    const same = at.parentElement ? [...at.parentElement.children] : [at];
    const alike = same.filter((other) => other.localName === at.localName);
    const place = alike.length > 1 ? `:nth-of-type(${alike.indexOf(at) + 1})` : "";
    const name = at.classList.length ? `.${at.classList[0]}` : "";
    parts.unshift(`${at.localName}${name}${place}`);
  }
  const words = element.textContent.trim().replace(/\s+/g, " ").slice(0, 40);
  return `${parts.slice(-6).join(" > ")}${words ? ` "${words}"` : ""}`;
}

function isShown(element) {
  const box = element.getBoundingClientRect();
  const given = { checkOpacity: true, checkVisibilityCSS: true, contentVisibilityAuto: false };
  return box.width > 0 && box.height > 0 && element.checkVisibility(given);
}

function above(element) {
  const found = [];
  for (let at = element.parentElement; at; at = at.parentElement) found.push(at);
  return found;
}

// The page as wide as its window

function isHeld(element) {
  const view = [document.documentElement, document.body];
  return above(element).some((at) => !view.includes(at)
    && /auto|scroll/.test(getComputedStyle(at).overflowX));
}

function isAway(element) {
  return [element, ...above(element)].some((at) => {
    const style = getComputedStyle(at);
    return style.position === "fixed" || style.clip !== "auto" || style.clipPath !== "none";
  });
}

function sideways() {
  const root = document.scrollingElement;
  const width = root.clientWidth;
  const scrolls = root.scrollWidth > width;
  const inside = scrolls ? document.body : document.querySelector("main, article") || document.body;
  const wide = new Set(all("*", inside).filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && (box.right > width + 1 || box.left < -1)
      && isShown(element) && !isHeld(element) && !isAway(element);
  }));
  const outermost = [...wide].filter((element) => !wide.has(element.parentElement)).slice(0, 5);
  const rows = outermost.map((element) => {
    const box = element.getBoundingClientRect();
    return [where(element), `${round(box.left)} to ${round(box.right)} px`, `0 to ${width} px`];
  });
  if (scrolls) rows.push(["html", `${root.scrollWidth} px to scroll`, `at most ${width} px`]);
  return rows;
}

function duplicateIds() {
  const counts = new Map();
  for (const { id } of all("[id]")) counts.set(id, (counts.get(id) || 0) + 1);
  return [...counts].filter(([, count]) => count > 1)
    .map(([id, count]) => [`#${id}`, `${count} elements with this id`, "one"]);
}

// Charts and tables are there

function hidden() {
  const closed = all("details:not([open])");
  closed.forEach((details) => { details.open = true; });
  const rows = all("table").filter((table) => !isShown(table))
    .map((table) => [where(table), "a table that is not shown", "one that is"]);
  for (const chart of all(CHARTS)) {
    const shown = all(DRAWINGS, chart).filter(isShown).length;
    if (shown !== 1) rows.push([where(chart), `${shown} drawings shown`, "one"]);
  }
  closed.forEach((details) => { details.open = false; });
  return rows;
}

// Text of charts

function drawings() {
  return all(DRAWINGS).filter(isShown);
}

function texts(drawing) {
  return all("text", drawing).filter((text) => text.textContent.trim() && isShown(text));
}

function cutText() {
  return drawings().flatMap((drawing) => {
    const outer = drawing.getBoundingClientRect();
    return texts(drawing).flatMap((text) => {
      const box = text.getBoundingClientRect();
      const over = { left: outer.left - box.left, right: box.right - outer.right,
        top: outer.top - box.top, bottom: box.bottom - outer.bottom };
      return Object.entries(over).filter(([, by]) => by > 1)
        .map(([side, by]) => [where(text), `${round(by)} px cut at the ${side}`, "nothing cut"]);
    });
  });
}

function smallText(least) {
  return drawings().flatMap((drawing) => texts(drawing).flatMap((text) => {
    const { a, b } = text.getScreenCTM();
    const size = parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b);
    return size < least - 0.05
      ? [[where(text), `${round(size)} px`, `text of at least ${least} px`]] : [];
  }));
}

// Contrast of charts

const brush = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
const known = new Map();

function colour(text) {
  if (!known.has(text)) {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = text;
    brush.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
    known.set(text, [red, green, blue, alpha / 255]);
  }
  return known.get(text);
}

function over([red, green, blue, alpha], below) {
  return [red, green, blue].map((part, n) => part * alpha + below[n] * (1 - alpha));
}

function luminance(rgb) {
  const [red, green, blue] = rgb.map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function canvasColour() {
  const sample = document.body.appendChild(document.createElement("i"));
  sample.style.color = "Canvas";
  const found = getComputedStyle(sample).color;
  sample.remove();
  return colour(found).slice(0, 3);
}

function behind(element) {
  const layers = [];
  for (const at of [element, ...above(element)]) {
    const found = colour(getComputedStyle(at).backgroundColor);
    layers.push(found);
    if (found[3] === 1) break;
  }
  return layers.reduceRight((below, layer) => over(layer, below), canvasColour());
}

function opacity(element) {
  return [element, ...above(element)]
    .reduce((product, at) => product * Number(getComputedStyle(at).opacity), 1);
}

// What an element paints with its fill or stroke: one colour, or those along a gradient.
function paints(element, kind) {
  const style = getComputedStyle(element);
  const isStroke = kind === "stroke";
  if (style[kind] === "none" || (isStroke && parseFloat(style.strokeWidth) === 0)) return [];
  const share = Number(style[`${kind}Opacity`]) * opacity(element);
  const gradient = /^url\(["']?#(.*?)["']?\)/.exec(style[kind]);
  const stops = gradient ? all("stop", document.getElementById(gradient[1]) || element) : null;
  const given = stops ? stops.map((stop) => {
    const { stopColor, stopOpacity } = getComputedStyle(stop);
    const [red, green, blue, alpha] = colour(stopColor);
    return [red, green, blue, alpha * Number(stopOpacity)];
  }) : [colour(style[kind])];
  return given.map(([red, green, blue, alpha]) => [red, green, blue, alpha * share])
    .filter(([, , , alpha]) => alpha > 0);
}

function shapes(drawing) {
  return all("path, rect, circle, ellipse, line, polygon, polyline", drawing)
    .filter((shape) => !shape.closest("defs, clipPath, pattern, mask") && isPainted(shape));
}

function isPainted(shape) {
  const box = shape.getBoundingClientRect();
  return (box.width > 0 || box.height > 0) && shape.checkVisibility({ checkVisibilityCSS: true });
}

function isMark(shape) {
  const named = shape.closest("[class*='role-']");
  if (named && DECORATION.test(named.getAttribute("class"))) return false;
  return !["stroke", "fill"].some((kind) => COLOUR_OF_DECORATION.test(shape.getAttribute(kind)));
}

// The colour below an element at a point of it: page, drawing, and the shapes painted before it.
function ground(element, drawing, point, candidates) {
  const at = point.matrixTransform(element.getScreenCTM());
  const below = candidates.filter((shape) => {
    const order = shape.compareDocumentPosition(element);
    if (!(order & Node.DOCUMENT_POSITION_FOLLOWING)) return false;
    return shape.isPointInFill(at.matrixTransform(shape.getScreenCTM().inverse()));
  });
  return below.reduce((found, shape) => {
    const [paint] = paints(shape, "fill");
    return paint ? over(paint, found) : found;
  }, behind(drawing));
}

function points(element) {
  const { x, y, width, height } = element.getBBox();
  return [0.05, 0.5, 0.95].map((part) => new DOMPoint(x + width * part, y + height / 2));
}

function lowContrast() {
  return drawings().flatMap((drawing) => {
    const painted = shapes(drawing);
    const filled = painted.filter((shape) => paints(shape, "fill").length);
    const rows = texts(drawing).map((text) => row(text, TEXT_LEAST, points(text).map((point) => {
      const below = ground(text, drawing, point, filled);
      return best(paints(text, "fill"), below);
    })));
    const marks = painted.filter(isMark).map((mark) => {
      const both = [...paints(mark, "fill"), ...paints(mark, "stroke")];
      if (!both.length) return null;
      // Marks of one colour are one shape: a line and the dots on it.
      const others = filled.filter((shape) => !sameFill(shape, mark));
      return row(mark, MARK_LEAST, [best(both, ground(mark, drawing, points(mark)[1], others))]);
    });
    return [...rows, ...marks].filter(Boolean);
  });
}

function sameFill(one, other) {
  const { fill, stroke } = getComputedStyle(other);
  return [fill, stroke].includes(getComputedStyle(one).fill);
}

function best(colours, below) {
  return Math.max(1, ...colours.map((paint) => contrast(over(paint, below), below)));
}

function row(element, least, ratios) {
  const worst = Math.min(...ratios);
  return worst < least - 0.005
    ? [where(element), `contrast ${round(worst)}`, `at least ${least}`] : null;
}

// What moved by itself since the page began

async function shifts(most) {
  const entries = await new Promise((done) => {
    const found = [];
    new PerformanceObserver((list) => found.push(...list.getEntries()))
      .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(found), 100);
  });
  const counted = entries.filter((entry) => !entry.hadRecentInput);
  const sum = counted.reduce((total, entry) => total + entry.value, 0);
  if (sum <= most) return [];
  const moved = counted.flatMap((entry) => entry.sources).map((source) => source.node)
    .filter((node) => node instanceof Element).slice(0, 3).map(where);
  return [[moved.join(", ") || "page", `layout shift ${sum.toFixed(4)}`, `at most ${most}`]];
}

// Cards

function cards() {
  return all(".tb-card").filter(isShown);
}

function cardOutside() {
  const { clientWidth, clientHeight } = document.documentElement;
  return cards().flatMap((card) => {
    const box = card.getBoundingClientRect();
    const isInside = box.left >= -1 && box.top >= -1
      && box.right <= clientWidth + 1 && box.bottom <= clientHeight + 1;
    return isInside ? [] : [[where(card),
      `a card at ${[box.left, box.top, box.right, box.bottom].map(round).join(", ")}`,
      `inside of 0, 0, ${clientWidth}, ${clientHeight}`]];
  });
}

// Focus

const CAN_HAVE_FOCUS = "a[href], area[href], button, input, select, textarea, summary, iframe,"
  + " audio[controls], video[controls], [contenteditable='true'], [tabindex]";
const MARKS_OF_FOCUS = ["boxShadow", "backgroundColor", "borderTopColor", "borderTopWidth",
  "borderBottomColor", "borderBottomWidth", "textDecorationLine", "textDecorationStyle",
  "textDecorationThickness"];

function styled(element) {
  const style = getComputedStyle(element);
  return [...MARKS_OF_FOCUS, "outlineStyle", "outlineWidth", "outlineColor"]
    .map((name) => style[name]);
}

function isReachable(element) {
  return !element.disabled && element.tabIndex >= 0 && !element.closest("[inert]")
    && element.checkVisibility({ checkVisibilityCSS: true }) && element.getClientRects().length > 0
    && !(element.type === "radio" && element.name && !element.checked);
}

// Remembers all that the keyboard must reach, closed details included, and how it looks without
// focus.
function beginFocus() {
  document.body.tabIndex = -1;  // from where the next Tab goes on
  document.body.focus();
  document.body.removeAttribute("tabindex");
  const closed = all("details:not([open])");
  closed.forEach((details) => { details.open = true; });
  const found = all(CAN_HAVE_FOCUS).filter(isReachable);
  window.tallybookFocus = { left: new Set(found), before: new Map(found.map((one) => [one, styled(one)])) };
  closed.forEach((details) => { details.open = false; });
  return found.length;
}

function kindOf(element) {
  if (element.matches("a.tallybook-figure")) return "figure";
  if (element.localName === "summary") return "details";
  if (element.closest("th") && element.localName === "button") return "sort";
  if (element.matches("button.tb-explore")) return "explore";
  return "";
}

function hasOutline(style) {
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
    && (style.outlineStyle === "auto" || colour(style.outlineColor)[3] > 0.1);
}

function indication(element) {
  const style = getComputedStyle(element);
  const before = window.tallybookFocus.before.get(element);
  const now = styled(element);
  if (hasOutline(style)) {
    const ratio = contrast(over(colour(style.outlineColor), behind(element)), behind(element));
    return style.outlineStyle === "auto" || ratio >= MARK_LEAST ? "outline" : "faint outline";
  }
  return before && MARKS_OF_FOCUS.some((name, n) => now[n] !== before[n]) ? "style" : "";
}

function isCovered(element) {
  const boxes = [...element.getClientRects()].filter((box) => box.width && box.height);
  return boxes.length > 0 && boxes.every((box) => {
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return !top || !element.contains(top);
  });
}

// Where the focus is now; null where it has left the page.
function focus() {
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return null;
  const { left } = window.tallybookFocus;
  const isNew = left.delete(element);
  const box = element.getBoundingClientRect();
  return {
    where: where(element), kind: kindOf(element), isNew,
    alike: `${element.localName}.${[...element.classList].sort().join(".")}`,
    indication: indication(element), covered: isCovered(element), cards: cards().length,
    box: [box.left, box.top, box.width, box.height],
  };
}

function unreached() {
  return [...window.tallybookFocus.left].filter((element) => element.isConnected)
    .filter(isReachable)
    .map((element) => [where(element), "never has the focus", "reached with Tab"]);
}

window.tallybookProbes = {
  beginFocus, cardOutside, cards, cutText, duplicateIds, focus, hidden, lowContrast, shifts, sideways,
  smallText, unreached,
};
