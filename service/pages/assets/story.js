// The page of one order: unfolds the tree, and names below the timeline what is pointed at or focused.

const button = document.querySelector(".unfold");
const folded = [...document.querySelectorAll(".tree details:not([open])")];
if (button && folded.length) {
  const [unfold, fold] = [button.textContent, button.dataset.fold];
  button.hidden = false;
  button.addEventListener("click", () => {
    const opening = button.textContent === unfold;
    for (const each of folded) each.open = opening;
    button.textContent = opening ? fold : unfold;
  });
}

// Pictures and days take longer than the page: they come when it has been painted.
const fetched = async (part) => {
  const answer = await fetch(part.dataset.src);
  if (!answer.ok) return;
  const text = await answer.text();
  if (part.classList.contains("timeline")) {
    const drawn = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    if (drawn.localName === "svg") part.replaceChildren(document.importNode(drawn, true));
  } else {
    part.textContent = text;
  }
};
const parts = document.querySelectorAll("[data-src]");
requestAnimationFrame(() => setTimeout(() => parts.forEach(fetched)));

for (const timeline of document.querySelectorAll(".timeline")) {
  const said = timeline.parentElement.querySelector(".pointed");
  const name = (event) => {
    const mark = event.target.closest("a.mark, [aria-label]");
    said.textContent = mark && mark !== timeline ? (mark.getAttribute("aria-label") ?? "") : "";
  };
  timeline.addEventListener("pointerover", name);
  timeline.addEventListener("focusin", name);
}

// A link to a criterion opens all that it is folded in.
const reveal = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let part = target; part; part = part.parentElement) {
    if (part.tagName === "DETAILS") part.open = true;
  }
  target?.scrollIntoView({ block: "nearest" });
};
addEventListener("hashchange", reveal);
if (location.hash) reveal();
