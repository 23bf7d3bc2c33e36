// Which rows match: facets look at the row's or its rule's attributes, the search at their text.

// A severity says how bad a failure is: passing rules have one, and are listed only when asked for.
const OPEN = ["FAIL", "UNKNOWN", "WAIVED"];

const texts = new WeakMap();

// What the list of rules says of a rule: its severity, family and engine.
function ruleData(id) {
  return document.getElementById(`rule.${id}`)?.dataset ?? {};
}

function rowText(row) {
  if (!texts.has(row)) {
    const rule = row.closest(".rule");
    const about = rule ? `${rule.querySelector("header").textContent} ` : "";
    texts.set(row, (about + row.textContent).toLowerCase());
  }
  return texts.get(row);
}

function searchWords(state) {
  return state.q.toLowerCase().split(/\s+/).filter(Boolean);
}

function rowMatcher(state) {
  const wanted = searchWords(state);
  const facets = hasFacets(state);
  return (row) => {
    if (facets) {
      const { v, r, s = ruleData(r).s } = row.closest("[data-v]")?.dataset ?? {};
      if (!v) return false;
      const { f, e } = ruleData(r);
      if (state.verdict.length && !state.verdict.includes(v)) return false;
      if (state.severity.length && !(state.severity.includes(s) && (state.verdict.length || OPEN.includes(v)))) return false;
      if (state.family && state.family !== f) return false;
      if (state.engine && state.engine !== e) return false;
    }
    return wanted.every((word) => rowText(row).includes(word));
  };
}

// Hides what does not match inside one view or part, and gives the number of rows that do.
function filterRows(scope, state) {
  const filtering = isFiltering(state);
  const matches = rowMatcher(state);
  let found = 0;
  for (const row of scope.querySelectorAll("[data-row]")) {
    const shown = !filtering || matches(row);
    row.hidden = !shown;
    found += shown ? 1 : 0;
  }
  for (const list of scope.querySelectorAll(".list")) found += showList(list, state);
  const empty = (box) => !box.querySelector("[data-row]:not([hidden]), .list:not([hidden])");
  for (const box of scope.querySelectorAll(":not(.list) > .rule, .fold, .block")) box.hidden = filtering && empty(box);
  for (const box of scope.querySelectorAll(".context")) box.hidden = filtering;
  for (const fold of scope.querySelectorAll(".fold")) openFold(fold, filtering && !fold.hidden);
  return found;
}

// Opens folds that hold matches, and closes again only what was opened here.
function openFold(fold, wanted) {
  if (wanted && !fold.open) {
    fold.open = true;
    fold.dataset.opened = "";
  } else if (!wanted && "opened" in fold.dataset) {
    fold.open = false;
    delete fold.dataset.opened;
  }
}
