// The findings of a big run: columns of numbers that name texts, so that a search looks through each
// text once. A run that fits on a plain page has no data; its rows stand in the page.

const source = document.getElementById("data");
const data = source ? JSON.parse(source.textContent) : null;
const VERDICTS = { fail: "FAIL", unknown: "UNKNOWN", waived: "WAIVED", pass: "PASS", skip: "SKIP" };
const LEVELS = ["info", "low", "medium", "high", "critical"];
const SEARCHED = ["resource", "type", "message", "file", "where", "at", "fix", "also", "hangs", "error", "reason", "owner"];

let lowered;
const holders = new Map();

function textOf(column, row) {
  return data.texts[data.columns[column]?.[row] ?? 0];
}

function ruleOf(number) {
  const [id, anchor, title, family, engine, level] = data.rules[number];
  const text = (index) => data.texts[index];
  return { id: text(id), anchor: text(anchor), title: text(title), family: text(family), engine: text(engine), level: LEVELS[level] };
}

function lower() {
  lowered ??= data.texts.map((text) => text.toLowerCase());
}

// For each text whether it holds a word.
function holding(word) {
  lower();
  if (!holders.has(word)) {
    if (holders.size > 50) holders.clear();
    holders.set(word, Uint8Array.from(lowered, (text) => (text.includes(word) ? 1 : 0)));
  }
  return holders.get(word);
}

function verdictOf(name) {
  return VERDICTS[name.slice(name.lastIndexOf(".") + 1)];
}

// The entries of a list that match: groups of rows, or rules with a count. `count` is of all rows.
function matching(name, state) {
  const verdict = verdictOf(name);
  const words = searchWords(state).map(holding);
  const listed = data.lists[name] ?? [];
  const entries = [];
  let count = 0;
  if (state.verdict.length && !state.verdict.includes(verdict)) return { entries, count };
  const openOnly = state.severity.length && !state.verdict.length;
  if (openOnly && !OPEN.includes(verdict)) return { entries, count };
  for (const entry of listed) {
    const summed = entry.length === 3;
    const rule = data.rules[entry[0]];
    const level = LEVELS[summed ? rule[5] : entry[1]];
    if (state.severity.length && !state.severity.includes(level)) continue;
    if (state.family && state.family !== data.texts[rule[3]]) continue;
    if (state.engine && state.engine !== data.texts[rule[4]]) continue;
    const named = rule.slice(0, 5);
    const missing = words.filter((holds) => !named.some((text) => holds[text]));
    if (summed) {
      if (!missing.every((holds) => entry[2].some((text) => holds[text]))) continue;
      entries.push({ rule: entry[0], number: entry[1], reasons: entry[2] });
      count += 1;
    } else {
      const rows = matchingRows(entry[2], entry[3], missing);
      if (rows.length) entries.push({ rule: entry[0], level: entry[1], verdict, rows });
      count += rows.length;
    }
  }
  return { entries, count };
}

function matchingRows(start, end, words) {
  const columns = SEARCHED.map((name) => data.columns[name]).filter(Boolean);
  const rows = [];
  for (let row = start; row < end; row += 1) {
    const holds = (holder) => columns.some((column) => holder[column[row]])
      || data.excerpts[data.excerpt[row]].some((text, index) => index && holder[text]);
    if (words.every(holds)) rows.push(row);
  }
  return rows;
}
