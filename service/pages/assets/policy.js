// The page of a policy: search among its criteria, facts and value sets; unfold all; unfold to print.

const form = document.querySelector(".search");
const found = form.querySelector(".found");
const parts = [...document.querySelectorAll("details.part")];
const entries = [...document.querySelectorAll("li[id^='c-'], [id^='r-'], dl.entries > dt")];
const own = (entry) => {
  const body = entry.tagName === "DT" ? [entry, entry.nextElementSibling] : [...entry.children].filter((part) => part.tagName !== "OL");
  return body.map((part) => part.textContent).join(" ").toLowerCase();
};
const texts = new Map(entries.map((entry) => [entry, own(entry)]));
const shown = (entry, yes) => {
  entry.hidden = !yes;
  if (entry.tagName === "DT") entry.nextElementSibling.hidden = !yes;
};

const search = () => {
  const words = form.search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = entries.filter((entry) => words.every((word) => texts.get(entry).includes(word)));
  const kept = new Set(matches);
  for (const match of matches) {
    for (let part = match.parentElement; part; part = part.parentElement) kept.add(part);
  }
  for (const entry of entries) shown(entry, !words.length || kept.has(entry));
  for (const part of parts) {
    part.hidden = words.length > 0 && !kept.has(part);
    part.open = words.length > 0 && kept.has(part);
  }
  found.textContent = words.length ? `${matches.length} found` : "";
};

form.addEventListener("submit", (event) => event.preventDefault());
form.search.addEventListener("input", search);

const all = form.querySelector(".all");
const fold = (open) => document.querySelectorAll("main details").forEach((part) => { part.open = open; });
all.addEventListener("click", () => {
  const opening = all.textContent === "Unfold all";
  fold(opening);
  all.textContent = opening ? "Fold all" : "Unfold all";
});
addEventListener("beforeprint", () => fold(true));

const reveal = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let part = target; part; part = part.parentElement) {
    if (part.tagName === "DETAILS") part.open = true;
  }
  target?.scrollIntoView();
};
addEventListener("hashchange", reveal);
if (location.hash) reveal();
