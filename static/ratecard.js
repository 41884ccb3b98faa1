// Keys, menus and messages. Every page works without this file.

const typing = (element) =>
  element.matches("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target));

// A menu that is filled from the server asks each time it opens: the address it is about has changed meanwhile.
document.addEventListener("toggle", ({ target }) => {
  if (target.open && target.matches("details[hx-get]")) htmx.trigger(target, "opened");
}, true);

let going = false; // g was pressed: the next key says where to

document.addEventListener("keydown", (event) => {
  if (["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
  const goes = going;
  going = false;
  if (event.key === "Escape") {
    const menu = event.target.closest?.("details.menu[open]");
    closeMenus(null);
    menu?.querySelector("summary").focus();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (goes) {
    document.querySelector(`#nav a[data-key="${CSS.escape(event.key)}"]`)?.click();
  } else if (event.key === "g") {
    going = true;
  } else if (event.key === "/") {
    const search = document.querySelector("[type=search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "j" || event.key === "k") {
    const names = [...document.querySelectorAll("tbody a.name")];
    const at = names.indexOf(document.activeElement.closest("tr")?.querySelector("a.name"));
    names[event.key === "j" ? at + 1 : Math.max(at - 1, 0)]?.focus();
  } else if (event.key === "x") {
    document.activeElement.closest("tr")?.querySelector(".pick input")?.click();
  } else if (event.key === "c") {
    const tray = document.getElementById("pick");
    if (tray?.querySelector(".chip")) tray.requestSubmit();
  } else if (event.key === "f") {
    const filters = document.getElementById("facets");
    if (!filters) return;
    event.preventDefault();
    if (getComputedStyle(filters).display === "none") filters.showPopover();
    filters.querySelector("input")?.focus();
  } else if (event.key === "?") {
    const keys = document.getElementById("keys");
    keys.togglePopover();
    keys.querySelector("button")?.focus();
  }
});

// Shift and click adds a sort key instead of replacing the sort.
document.addEventListener("click", (event) => {
  const sort = event.target.closest?.("a.sort[data-add]");
  if (!sort || !event.shiftKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  htmx.ajax("GET", sort.dataset.add, { source: sort, target: "#results", select: "#results", swap: "outerHTML" });
}, true);

// Of some filters none means the usual ones: whoever takes the last tick away gets those.
document.addEventListener("change", ({ target }) => {
  if (target.type !== "checkbox" || !target.form) return;
  const boxes = [...target.form.elements].filter((box) => box.name === target.name);
  if (boxes.some((box) => box.checked)) return;
  for (const box of boxes) box.checked = "default" in box.dataset;
}, true);

// A request that fails says so and leaves the old rows; the next one that works takes the message away.
let failed = null;

function fail(event, text) {
  const notice = document.getElementById("failure");
  if (!notice) return;
  failed = event.detail.pathInfo?.finalRequestPath ?? event.detail.requestConfig?.path ?? null;
  document.getElementById("failure-text").textContent = text;
  notice.hidden = false;
}

document.addEventListener("htmx:responseError", (event) => fail(event, `The server answered ${event.detail.xhr.status}.`));
document.addEventListener("htmx:sendError", (event) => fail(event, "The server could not be reached."));
document.addEventListener("htmx:timeout", (event) => fail(event, "The server took too long."));
document.addEventListener("htmx:afterSwap", () => {
  const notice = document.getElementById("failure");
  if (notice) notice.hidden = true;
});
document.getElementById("retry")?.addEventListener("click", () => {
  if (failed) htmx.ajax("GET", failed, { target: "#results", select: "#results", swap: "outerHTML" });
});

// What htmx would do piece by piece is done at once before it swaps the results, which halves the time of a swap: it
// sends two events to each of the thousands of elements that go, and swaps the dozens of counts beside the filters one
// after the other. Rows hold nothing of htmx's; a count whose place is not found is left to it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event;
  if (!detail.shouldSwap || detail.target.id !== "results") return;
  for (const body of detail.target.querySelectorAll("tbody")) body.remove();
  const counts = /<small id="(n-[^"]*)" hx-swap-oob="true">([\d,]*)<\/small>/g;
  detail.serverResponse = detail.serverResponse.replace(counts, (whole, id, count) => {
    const place = document.getElementById(id);
    if (!place) return whole;
    if (place.textContent !== count) place.textContent = count;
    return "";
  });
  // Before the swap, in which htmx gives the focus back and so has all laid out that is there.
  detail.serverResponse = detail.serverResponse.replace('<table class="grid', '<table class="grid top');
});

// Of a swapped table the rows that a screen has room for are laid out first, the others once those are painted: two
// thirds of the time from a click to what it shows.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "results") return;
  const table = document.querySelector("#results table.top");
  requestAnimationFrame(() => requestAnimationFrame(() => table?.classList.remove("top")));
});

// The row height is seen at once; the server knows it from the next page on.
document.addEventListener("change", (event) => {
  if (event.target.name !== "rows") return;
  for (const table of document.querySelectorAll("table[data-rows]")) {
    table.classList.toggle("tight", event.target.value === "tight");
  }
});

// After a change of page the table is read from its top; so it is where the control that had the focus is gone.
function toTable() {
  const place = document.getElementById("table") ?? document.querySelector("#results a[href]");
  place?.focus({ preventScroll: true });
}
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.requestConfig?.elt?.closest?.(".pager")) document.getElementById("table")?.focus();
  else if (event.target.id === "results" && document.activeElement === document.body) toTable();
});

// A chip and Back load the page anew: the focus goes on to what they changed instead of starting from the top.
document.addEventListener("click", (event) => {
  if (event.target.closest?.(".chips a, .empty a")) sessionStorage.setItem("to-table", "1");
});
window.addEventListener("popstate", () => sessionStorage.setItem("to-table", "1"));
if (sessionStorage.getItem("to-table")) {
  sessionStorage.removeItem("to-table");
  toTable();
}

// The address changes without the page being loaded anew: signing in leads back to where it is now, and sharing to that.
for (const [id, name] of [["sign-in", "next"], ["share-here", "from"]]) {
  const link = document.getElementById(id);
  link?.addEventListener("click", () => {
    const to = new URL(link.href);
    to.searchParams.set(name, location.pathname + location.search);
    link.href = to;
  });
}

// A ticked box redraws the tray and changes the address. Links that lead to the same page with another filter, sort or
// page number then carry what is picked now; a box beyond the sixth is taken back.
function withPicks(address) {
  const link = new URL(address, location);
  link.searchParams.delete("o");
  for (const chip of document.querySelectorAll("#pick [data-o]")) link.searchParams.append("o", chip.dataset.o);
  return link.pathname + link.search;
}

document.addEventListener("htmx:configRequest", ({ detail }) => {
  const tray = document.getElementById("pick");
  if (tray && detail.elt.matches("#results a") && !tray.contains(detail.elt)) detail.path = withPicks(detail.path);
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "pick") return;
  const ids = new Set([...detail.target.querySelectorAll("[data-o]")].map((chip) => chip.dataset.o));
  for (const box of document.querySelectorAll(".pick input")) box.checked = ids.has(box.value);
  for (const link of document.querySelectorAll("#results a[href]")) {
    if (link.pathname === location.pathname && !link.closest("#pick")) link.href = withPicks(link.href);
  }
});
// A slider and the number field beside it go together. Steps of a `log` one are from 0 to `most`, in two digits.
function sliderText(slider) {
  if (slider.dataset.scale === "percent") return `${slider.value}%`;
  const exact = Math.expm1((slider.value / slider.max) * Math.log1p(slider.dataset.most));
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(exact, 1))) - 1);
  const number = Math.round(exact / step) * step;
  return Math.max(slider.dataset.for === "tout" ? 0 : 1, number).toLocaleString("en-US");
}

function numberOf(text) {
  const found = /^(\d+(?:\.\d+)?)\s*([km%]?)$/i.exec(text.replace(/[,_]/g, "").trim());
  return found && { number: found[1] * ({ k: 1e3, m: 1e6 }[found[2].toLowerCase()] ?? 1), percent: found[2] === "%" };
}

function sliderPlace(slider, text) {
  const found = numberOf(text);
  if (!found) return null;
  if (slider.dataset.scale === "log") {
    return (slider.max * Math.log1p(Math.min(found.number, slider.dataset.most))) / Math.log1p(slider.dataset.most);
  }
  const prompt = numberOf(document.getElementById("tin").value)?.number;
  return found.percent ? found.number : (100 * found.number) / prompt;
}

document.addEventListener("input", ({ target }) => {
  if (target.dataset.for) {
    const field = document.getElementById(target.dataset.for);
    field.value = sliderText(target);
    target.setAttribute("aria-valuetext", field.value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return;
  }
  const slider = document.querySelector(`[data-for="${CSS.escape(target.id)}"]`);
  const place = slider && sliderPlace(slider, target.value);
  if (place === null || document.activeElement === slider) return;
  slider.value = Math.round(place);
  slider.setAttribute("aria-valuetext", target.value);
});

// What the server says of a field comes beside it, and marks it, without redrawing the field that is typed in.
document.addEventListener("htmx:afterSettle", () => {
  for (const said of document.querySelectorAll("#numbers .error")) {
    const field = document.querySelector(`[aria-describedby="${said.id}"]`);
    if ("invalid" in said.dataset) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
});

// A chart of marks is one stop for Tab; arrows go on from mark to mark, and what one says stands below the chart.
document.addEventListener("keydown", (event) => {
  const marks = event.target.closest?.(".scatter") && [...event.target.closest(".scatter").querySelectorAll("a[tabindex]")];
  const at = marks ? marks.indexOf(event.target) : -1;
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: marks?.length - 1 }[event.key];
  if (at < 0 || !marks[to]) return;
  event.preventDefault();
  marks[at].setAttribute("tabindex", "-1");
  marks[to].setAttribute("tabindex", "0");
  marks[to].focus();
});

for (const kind of ["focusin", "mouseover"]) {
  document.addEventListener(kind, ({ target }) => {
    const mark = target.closest?.(".scatter a[tabindex]");
    if (mark) mark.closest(".scatter").querySelector(".at").textContent = mark.querySelector("title").textContent;
  });
}

// The table as Markdown goes to the clipboard; where there is none, as without HTTPS, its text is shown instead. The
// text is promised, since browsers let only the click itself write.
async function markdown(address) {
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected) throw new Error(answer.status);
  return new Blob([await answer.text()], { type: "text/plain" });
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": markdown(button.dataset.copy) })]);
    button.querySelector("span").textContent = "Copied";
    document.getElementById("copied").textContent = "The table is on the clipboard, as Markdown.";
  } catch {
    location.assign(button.dataset.copy);
  }
});

// A link goes to the clipboard; where there is none it is marked, to be copied by hand.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copy-from]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copyFrom);
  try {
    await navigator.clipboard.writeText(field.value);
    button.querySelector("span").textContent = "Copied";
  } catch {
    field.focus();
    field.select();
  }
});

// htmx has changed the address since the page came: paper names the one that it shows.
addEventListener("beforeprint", () => {
  const from = document.getElementById("printed-from");
  if (from) from.textContent = location.href;
});
