// On paper every fold is open; afterwards the page is as it was.

function startPrint() {
  let opened = [];
  window.addEventListener("beforeprint", () => {
    if (data) drawForPrint();
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const fold of opened) fold.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const fold of opened) fold.open = false;
    if (data) drawForPrint();
    opened = [];
  });
}
