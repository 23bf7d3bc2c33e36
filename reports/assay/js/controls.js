// The filter form and the fragment, each kept as the other says.

const form = document.getElementById("filters");
const count = document.getElementById("count");

function fillForm(state) {
  for (const name of MANY) {
    for (const box of form.querySelectorAll(`[name="${name}"]`)) box.checked = state[name].includes(box.value);
  }
  for (const name of ["family", "engine", "system", "profile"]) form.elements[name].value = state[name];
  const search = document.getElementById("q");
  if (search.value.trim() !== state.q) search.value = state.q;
  document.getElementById("clear").hidden = !isFiltering(state) && !state.system && !state.profile;
}

function readForm() {
  const state = emptyState();
  for (const name of MANY) {
    state[name] = [...form.querySelectorAll(`[name="${name}"]:checked`)].map((box) => box.value);
  }
  for (const name of ["family", "engine", "system", "profile"]) state[name] = form.elements[name].value;
  state.q = document.getElementById("q").value.trim();
  return state;
}

function follow() {
  const fragment = location.hash.slice(1);
  const anchor = fragment.includes("=") ? null : document.getElementById(decodeURIComponent(fragment));
  const state = anchor ? stateOf(anchor) : readState(fragment);
  fillForm(state);
  count.textContent = show(state);
  if (anchor) reach(anchor);
}

function reach(anchor) {
  for (let box = anchor.parentElement; box; box = box.parentElement) {
    if (box.tagName === "DETAILS") box.open = true;
  }
  anchor.scrollIntoView();
  if (anchor.matches(".view, .part, .block, article")) {
    anchor.tabIndex = -1;
    anchor.focus({ preventScroll: true });
  }
}

function changed() {
  const text = writeState(readForm());
  history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
  follow();
}

function startControls() {
  let waiting;
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => event.target.id !== "q" && changed());
  form.addEventListener("input", (event) => {
    if (event.target.id !== "q") return;
    clearTimeout(waiting);
    waiting = setTimeout(changed, 120);
  });
  form.addEventListener("reset", () => setTimeout(changed));
  document.getElementById("more").addEventListener("click", (event) => {
    const open = document.getElementById("facets").classList.toggle("open");
    event.currentTarget.setAttribute("aria-expanded", String(open));
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      document.getElementById("q").focus();
    }
  });
  window.addEventListener("hashchange", follow);
}
