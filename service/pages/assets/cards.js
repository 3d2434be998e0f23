// Cards as an EHR renders them: summary, Markdown detail, source, links, suggestions, reasons to dismiss.
import { make } from "./elements.js";

const markdown = window.markdownit({ html: false, linkify: false });

const detail = (text) => {
  const part = make("div", { class: "detail" });
  part.innerHTML = markdown.render(text); // the renderer escapes all HTML in the text
  return part;
};

const links = (card) => (card.links ?? []).map((link) =>
  make("a", { class: "button quiet", href: link.url, target: "_blank", rel: "noopener" }, link.label));

const suggestions = (card, on) => (card.suggestions ?? []).map((suggestion) =>
  make("button", { type: "button", onclick: () => on.accept(card, suggestion) }, suggestion.label));

const dismissing = (card, on) => {
  const reasons = card.overrideReasons ?? [];
  const choice = make("select", { "aria-label": "Reason" }, ...reasons.map((reason, place) => make("option", { value: String(place) }, reason.display ?? reason.code)));
  const form = make("form", { class: "dismiss" }, ...(reasons.length ? [choice] : []), make("button", {}, "Dismiss"));
  form.addEventListener("submit", (event) => { event.preventDefault(); on.dismiss(card, reasons[Number(choice.value)] ?? null); });
  return form;
};

const one = (card, on) =>
  make("article", { class: `card ${card.indicator}`, id: `card-${card.uuid}` },
    make("h3", {}, card.summary),
    ...(card.detail ? [detail(card.detail)] : []),
    make("p", { class: "actions" }, ...links(card), ...suggestions(card, on)),
    make("footer", {}, make("span", { class: "meta" }, card.source?.label ?? ""), dismissing(card, on)));

export const cards = (answer, on) => answer.cards.length
  ? answer.cards.map((card) => one(card, on))
  : [make("p", { class: "meta" }, "The service has nothing to say to this order.")];

// The draft orders after the actions of a suggestion (CDS Hooks 2.0: create, update, delete).
export const applied = (entries, actions) => actions.reduce((left, action) => {
  const { type, resource } = action;
  const gone = type === "delete" ? [action.resourceId ?? (resource && `${resource.resourceType}/${resource.id}`)].flat()
    : type === "update" ? [`${resource.resourceType}/${resource.id}`] : [];
  const rest = left.filter(({ resource: each }) => !gone.includes(`${each.resourceType}/${each.id}`));
  const added = type === "delete" ? [] : [{ resource: resource.id ? resource : { ...resource, id: `new-${rest.length + 1}` } }];
  return [...rest, ...added];
}, entries);
