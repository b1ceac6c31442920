// The reader's language, unless the address or the page that frames this one names another; and the cases: those that fit the filters,
// thirty at a time.
const root = document.documentElement;
const wanted = new URLSearchParams(location.search).get("lang") || root.dataset.language || navigator.language || "";
root.lang = wanted.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
document.getElementById("language").addEventListener("click", () => { root.lang = root.lang === "en" ? "zh-CN" : "en"; });
const cases = [...document.querySelectorAll(".case")];
const filters = [...document.querySelectorAll("[data-filter]")];
const more = document.querySelector(".more");
const PAGE = 30;
let most = PAGE;
function fits(entry) {
  return filters.every((filter) => {
    const wanted = filter.value.trim().toLowerCase();
    if (!wanted) return true;
    return filter.dataset.filter === "text" ? entry.querySelector("summary").textContent.toLowerCase().includes(wanted) : entry.dataset[filter.dataset.filter].split(" ").includes(wanted);
  });
}
function show() {
  const fitting = cases.filter(fits);
  cases.forEach((entry) => { entry.hidden = true; });
  fitting.slice(0, most).forEach((entry) => { entry.hidden = false; });
  document.querySelectorAll(".found").forEach((one) => { one.textContent = `${Math.min(most, fitting.length)} / ${fitting.length}`; });
  if (more) more.hidden = fitting.length <= most;
}
filters.forEach((filter) => filter.addEventListener("input", () => { most = PAGE; show(); }));
more?.addEventListener("click", () => { most += PAGE; show(); });
function unfold() {
  const entry = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!entry?.matches("details")) return;
  entry.open = true;
  if (!entry.hidden) return;
  filters.forEach((filter) => { filter.value = ""; });
  most = Math.max(most, cases.filter(fits).indexOf(entry) + 1);
  show();
  entry.scrollIntoView();
}
show();
addEventListener("hashchange", unfold);
unfold();
