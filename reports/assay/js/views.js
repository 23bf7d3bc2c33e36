// Which views and parts stand on the page, and what the count above them says.

const views = [...document.querySelectorAll(".view")];
const parts = [...document.querySelectorAll(".part")];

function show(state) {
  const filtering = isFiltering(state);
  const named = views.some((view) => view.id === state.view && !view.dataset.system) ? state.view : "";
  const bySystem = !named && Boolean(state.system || state.profile || filtering);
  let found = 0;
  let holding = 0;
  if (!filtering) filterRows(document.getElementById("report"), state);
  for (const view of views) {
    const head = view.querySelector(":scope > header");
    if (head) head.classList.toggle("brief", filtering || Boolean(state.profile && state.system));
    let shown = bySystem ? Boolean(view.dataset.system) : view.id === (named || "overview");
    if (shown && view.dataset.system) {
      const inside = showParts(view, state);
      found += inside.found;
      holding += inside.parts;
      shown = inside.parts > 0;
    } else if (shown) {
      found += filterRows(view, { ...emptyState(), q: state.q });
    }
    view.classList.toggle("away", !shown);
  }
  document.body.dataset.scope = named || bySystem ? "part" : "all";
  document.body.toggleAttribute("data-filtering", filtering);
  document.body.dataset.ready = "";
  markCurrent(state, named, filtering);
  if (!filtering) return "";
  if (!found) return say("nothing");
  const rows = say("rows", found);
  return named ? rows : say("in_profiles", holding, { rows });
}

function showParts(view, state) {
  const inSystem = !state.system || state.system === view.dataset.system;
  const filtering = isFiltering(state);
  let found = 0;
  let count = 0;
  for (const part of view.querySelectorAll(".part")) {
    const wanted = inSystem && (!state.profile || state.profile === part.dataset.profile);
    const inside = wanted && filtering ? filterRows(part, state) : 0;
    const shown = wanted && (!filtering || inside > 0);
    part.classList.toggle("away", !shown);
    found += inside;
    count += shown ? 1 : 0;
  }
  return { found, parts: count };
}

function markCurrent(state, named, filtering) {
  let current = named || (filtering ? "" : "overview");
  if (!named && state.system) {
    const wanted = (box) => box.dataset.system === state.system && (box.dataset.profile ?? "") === state.profile;
    current = [...views, ...parts].find(wanted)?.id ?? "";
  }
  for (const link of document.querySelectorAll(".index a")) {
    if (current && link.hash === `#${current}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}
