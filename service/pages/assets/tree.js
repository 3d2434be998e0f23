// The tree of an assessment (the card's extension), with what has turned since the answer before.
import { make, mark, TRUTHS } from "./elements.js";

export const EXTENSION = "org.dupilumab-cds.assessment";

const listed = (criteria, found = new Map()) => {
  for (const each of criteria ?? []) {
    found.set(each.id, each);
    listed(each.children, found);
  }
  return found;
};

const changes = (each, before) => before !== null && before.get(each.id)?.truth !== each.truth;
const within = (each, test) => test(each) || (each.children ?? []).some((child) => within(child, test));

const node = (each, before) => {
  const turned = changes(each, before);
  const was = before?.get(each.id)?.truth;
  const head = [...mark(each.truth), make("span", { class: "says" }, each.says),
    ...(each.miss ? [make("span", { class: "meta" }, ` ${each.miss}`)] : []),
    ...(turned ? [make("span", { class: "tag turned" }, was ? `was ${TRUTHS[was][1]}` : "new")] : [])];
  if (!each.children?.length) return make("li", { class: turned ? "turned" : "" }, make("p", { class: "row leaf" }, ...head));
  const open = within(each, (part) => before ? changes(part, before) : part.truth !== "met") ? { open: "" } : {};
  return make("li", { class: turned ? "turned" : "" }, make("details", { class: each.truth, ...open }, make("summary", {}, ...head),
    make("ul", { class: "tree" }, ...each.children.map((child) => node(child, before)))));
};

export const tree = (twin, earlier) => {
  if (!twin.criteria?.length) return make("p", { class: "meta" }, "No policy judged this order.");
  return make("ul", { class: "tree" }, ...twin.criteria.map((each) => node(each, earlier ? listed(earlier.criteria) : null)));
};

export const turnedWords = (twin, earlier) => {
  if (!earlier) return "";
  const before = listed(earlier.criteria);
  const count = [...listed(twin.criteria).values()].filter((each) => changes(each, before)).length;
  const word = TRUTHS[twin.outcome]?.[1] ?? twin.outcome.replaceAll("_", " ");
  const outcome = `${twin.outcome === earlier.outcome ? "still" : "now"} ${word}`;
  const turned = count === 1 ? "1 criterion has turned" : count ? `${count} criteria have turned` : "No criterion has turned";
  return `${turned}; the order is ${outcome}.`;
};

export const openCriteria = (twin) => {
  const known = listed(twin.criteria);
  return (twin.open ?? []).flat().filter((id, place, all) => all.indexOf(id) === place).map((id) => known.get(id)).filter(Boolean);
};
