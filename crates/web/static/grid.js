// Grids of numbers: Enter and arrows go up and down, and cells copied from a spreadsheet fill the rows from here on.
// Everything works without this script, too.

function inputs(grid, column) {
  const rows = [...grid.tBodies[0].rows];
  return rows.map((row) => row.querySelectorAll("input")[column]).filter(Boolean);
}

function place(input) {
  const row = input.closest("tr");
  const column = [...row.querySelectorAll("input")].indexOf(input);
  const all = inputs(row.closest("table"), column);
  return { all, at: all.indexOf(input), column };
}

function go(input, by) {
  const { all, at } = place(input);
  const next = all[at + by];
  if (!next) return false;
  next.focus();
  next.select();
  return true;
}

function pasted(event) {
  const text = event.clipboardData.getData("text/plain");
  if (!/[\n\t]/.test(text.trim())) return;
  const { all, at, column } = place(event.target);
  const grid = event.target.closest("table");
  event.preventDefault();
  const lines = text.replace(/\r/g, "").replace(/\n$/, "").split("\n");
  lines.forEach((line, down) => {
    line.split("\t").forEach((cell, across) => {
      const input = across === 0 ? all[at + down] : inputs(grid, column + across)[at + down];
      if (input) input.value = cell.trim();
    });
  });
  if (lines.length > all.length - at) {
    // what does not fit is said, not dropped in silence
    event.target.setCustomValidity("行が多すぎます。貼り付ける行を、表の行に合わせてください。");
    event.target.reportValidity();
    event.target.addEventListener("input", () => event.target.setCustomValidity(""), { once: true });
  }
}

for (const grid of document.querySelectorAll("table[data-grid]")) {
  grid.addEventListener("paste", (event) => {
    if (event.target.matches("input")) pasted(event);
  });
  grid.addEventListener("keydown", (event) => {
    if (!event.target.matches("input") || event.isComposing) return;
    const by = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    // after the last row Enter does not send the form by accident
    if (go(event.target, by) || event.key === "Enter") event.preventDefault();
  });
}

// the secret of an invitation stands behind the # of its link, which never leaves the browser
const fragment = decodeURIComponent(location.hash.slice(1));
for (const form of document.querySelectorAll("form[data-fragment]")) {
  const field = form.elements.namedItem(form.dataset.fragment);
  if (field && fragment && !field.value) {
    field.value = fragment;
    // nothing to see or type there any more
    if (form.dataset.hides !== undefined) field.closest(".field").hidden = true;
    history.replaceState(null, "", location.pathname + location.search);
  }
}

// while a file is read or recorded a bar says that something is happening; a second press waits for the first
for (const form of document.querySelectorAll("form[data-working]")) {
  const told = form.querySelector(".working");
  form.addEventListener("submit", (event) => {
    // what is saved to the disk leaves the page as it is
    if (event.submitter?.name === "as") return;
    if (!told.hidden) return event.preventDefault();
    told.hidden = false;
    told.firstElementChild.textContent = form.dataset.working;
  });
  addEventListener("pageshow", () => { told.hidden = true; });
}
