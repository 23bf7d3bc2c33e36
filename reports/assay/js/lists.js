// Lists of a big run, drawn as far as they are in sight: a few rows of each rule, more on demand.

const FIRST_ROWS = 10;
const MORE_ROWS = 100;
const AT_ONCE = 12;
const PRINTED = 2000;
const drawn = new WeakMap();

// Lets a list show what matches, and gives the number of rows; it is drawn once it comes into sight.
function showList(list, state) {
  const { verdict, severity, family, engine, q } = state;
  const key = JSON.stringify([verdict, severity, family, engine, q]);
  if (drawn.get(list)?.key === key) return drawn.get(list).count;
  const { entries, count } = matching(list.dataset.list, state);
  list.replaceChildren();
  list.hidden = !count;
  drawn.set(list, { key, count, entries, next: 0 });
  if (count) awaitSight(list);
  return count;
}

function awaitSight(list) {
  const mark = document.createElement(list.tagName === "TBODY" ? "tr" : "div");
  mark.className = "next";
  list.append(mark);
  sight.observe(mark);
}

const waiting = new Set();
const sight = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) {
    if (isIntersecting) waiting.add(target);
    else waiting.delete(target);
  }
  if (waiting.size) requestAnimationFrame(drawWaiting);
}, { rootMargin: "600px" });

// Draws for some milliseconds only, so that no frame is late.
function drawWaiting() {
  const start = performance.now();
  for (const mark of waiting) {
    if (performance.now() - start > 8) {
      requestAnimationFrame(drawWaiting);
      return;
    }
    waiting.delete(mark);
    sight.unobserve(mark);
    if (mark.isConnected) drawNext(mark.parentElement);
  }
}

function drawNext(list) {
  const plan = drawn.get(list);
  list.querySelector(":scope > .next")?.remove();
  for (let rows = 0; rows < AT_ONCE && plan.next < plan.entries.length; plan.next += 1) {
    const entry = plan.entries[plan.next];
    list.append(entry.rows ? drawGroup(entry) : drawSummary(entry));
    rows += Math.min(entry.rows?.length ?? 1, FIRST_ROWS);
  }
  if (plan.next < plan.entries.length) awaitSight(list);
}

function copy(name) {
  return document.getElementById(`draw-${name}`).content.firstElementChild.cloneNode(true);
}

function drawGroup({ rule, level, verdict, rows }) {
  const about = ruleOf(rule);
  const box = copy("group");
  const part = (name) => box.querySelector(`[data-put="${name}"]`);
  box.dataset.v = verdict;
  part("severity").classList.add(LEVELS[level]);
  part("severity").querySelector("use").setAttribute("href", `#s-${level}`);
  part("level").textContent = words.severity[LEVELS[level]];
  part("mark").classList.add(verdict);
  part("mark").setAttribute("aria-label", verdict === "WAIVED" ? words.waived : verdict);
  part("mark").querySelector("use").setAttribute("href", `#m-${verdict}`);
  part("title").textContent = about.title;
  part("id").textContent = about.id;
  part("id").hash = `rule.${about.anchor}`;
  part("family").textContent = about.family;
  if (about.engine === "assay") part("engine").remove();
  else part("engine").textContent = about.engine;
  drawRows(box, rows, 0, FIRST_ROWS);
  return box;
}

function drawRows(box, rows, from, number) {
  const to = Math.min(from + number, rows.length);
  box.append(...rows.slice(from, to).map(drawRow));
  if (to === rows.length) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "further";
  button.textContent = say("further", rows.length - to);
  button.addEventListener("click", () => {
    button.remove();
    drawRows(box, rows, to, MORE_ROWS);
    box.querySelectorAll(".finding > summary")[to].focus();
  });
  box.append(button);
}

function drawRow(row) {
  const box = copy("row");
  const part = (name) => box.querySelector(`[data-put="${name}"]`);
  box.dataset.number = row;
  part("resource").textContent = textOf("resource", row);
  const message = textOf("message", row);
  if (message) prose(part("message"), message);
  else part("message").replaceWith(words.fails);
  const change = words.changes[textOf("change", row)];
  if (change) part("change").textContent = change;
  else part("change").remove();
  putOrRemove(part("hangs"), textOf("hangs", row));
  putOrRemove(part("error"), textOf("error", row));
  putOrRemove(part("waiver"), waiverOf(row));
  const line = data.lines[row];
  part("place").textContent = textOf("file", row) + (line ? `:${line}` : "");
  return box;
}

function waiverOf(row) {
  const [reason, owner, day] = ["reason", "owner", "until"].map((name) => textOf(name, row));
  const until = day ? say("until", undefined, { day }) : words.endless;
  return reason ? [reason, owner, until].filter(Boolean).join(", ") : "";
}

function putOrRemove(box, text) {
  if (text) prose(box.querySelector("em"), text);
  else box.remove();
}

function drawSummary({ rule, number, reasons }) {
  const about = ruleOf(rule);
  const box = copy("summary");
  const part = (name) => box.querySelector(`[data-put="${name}"]`);
  part("id").textContent = about.id;
  part("id").hash = `rule.${about.anchor}`;
  part("title").textContent = about.title;
  part("number").textContent = figures.format(number);
  for (const reason of reasons) {
    const small = document.createElement("small");
    small.className = "because";
    prose(small, data.texts[reason]);
    part("title").append(small);
  }
  return box;
}

// A sentence: what stands between backticks is code.
function prose(box, text) {
  const pieces = text.split("`");
  if (pieces.length % 2 === 0) {
    box.textContent = text;
    return;
  }
  pieces.forEach((piece, index) => {
    const code = index % 2 ? document.createElement("code") : null;
    if (code) code.textContent = piece;
    box.append(code ?? piece);
  });
}

// What a row folds out to: its lines of the template, and the facts that it has.
function fill(box) {
  const inside = box.querySelector(".more");
  if (inside.childElementCount) return;
  const row = Number(box.dataset.number);
  const facts = copy("facts");
  const values = { line: "", price: priceOf(row) };
  for (const value of facts.querySelectorAll("[data-put]")) {
    const name = value.dataset.put;
    const text = values[name] ?? textOf(name, row);
    value.textContent = text;
    if (!text) {
      value.parentElement.previousElementSibling.remove();
      value.parentElement.remove();
    }
  }
  const lines = excerptOf(row);
  inside.append(...(lines ? [lines] : []), facts);
}

function priceOf(row) {
  const [low, high] = [textOf("low", row), textOf("high", row)];
  if (!low) return "";
  const usd = (text) => changes.format(Number(text)).replace("-", "\u2212");
  const range = { low: usd(low), high: usd(high) };
  return say("usd_a_month", undefined, { amount: low === high ? range.low : say("between", undefined, range) });
}

function excerptOf(row) {
  const [first, ...lines] = data.excerpts[data.excerpt[row]];
  if (!lines.length) return null;
  const box = document.createElement("pre");
  box.className = "excerpt";
  box.tabIndex = 0;
  lines.forEach((text, index) => {
    const number = document.createElement("i");
    number.textContent = String(first + index).padStart(5);
    const here = first + index === data.lines[row];
    const line = document.createElement(here ? "mark" : "span");
    line.append(number, data.texts[text], here ? "" : "\n");
    box.append(line);
  });
  return box;
}

function startLists() {
  if (!data) return;
  setTimeout(lower, 100); // before the first letter is typed
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.(".list .finding[open]")) fill(event.target);
  }, true);
}

// On paper: the rows of what is shown, as many as paper bears; the others are counted.
function drawForPrint() {
  let room = PRINTED;
  for (const list of document.querySelectorAll(".list:not([hidden])")) {
    if (document.body.dataset.scope === "part" && list.closest(".away")) continue;
    const plan = drawn.get(list);
    for (let before = -1; plan && room > 0 && before !== plan.next && plan.next < plan.entries.length;) {
      before = plan.next;
      const count = list.querySelectorAll(".finding").length;
      drawNext(list);
      room -= list.querySelectorAll(".finding").length - count;
    }
    list.querySelectorAll(".finding").forEach(fill);
  }
}
