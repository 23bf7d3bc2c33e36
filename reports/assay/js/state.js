// What is shown, as the URL fragment says it: `#system=moodle&severity=high,critical&q=rds`.
// A fragment without "=" is a plain anchor and shows the part that it stands in.

const MANY = ["verdict", "severity"];
const ONE = ["family", "engine", "system", "profile", "view", "q"];

function emptyState() {
  return { verdict: [], severity: [], family: "", engine: "", system: "", profile: "", view: "", q: "" };
}

function readState(fragment) {
  const state = emptyState();
  const given = new URLSearchParams(fragment);
  for (const name of MANY) state[name] = (given.get(name) ?? "").split(",").filter(Boolean);
  for (const name of ONE) state[name] = given.get(name) ?? "";
  return state;
}

function writeState(state) {
  const parts = [];
  const add = (name, text) => parts.push(`${name}=${encodeURIComponent(text).replaceAll("%2C", ",")}`);
  for (const name of ["view", "system", "profile", ...MANY, "family", "engine", "q"]) {
    const value = Array.isArray(state[name]) ? state[name].join(",") : state[name].trim();
    if (value) add(name, value);
  }
  return parts.join("&");
}

function hasFacets(state) {
  return Boolean(state.verdict.length || state.severity.length || state.family || state.engine);
}

function isFiltering(state) {
  return hasFacets(state) || Boolean(state.q.trim());
}

// The state that shows an anchor: its view, and the system and profile that it belongs to.
function stateOf(anchor) {
  const view = anchor.closest(".view");
  const part = anchor.closest("[data-system]");
  return {
    ...emptyState(),
    view: part || !view || view.id === "overview" ? "" : view.id,
    system: part?.dataset.system ?? "",
    profile: part?.dataset.profile ?? "",
  };
}
