// Makes elements; whatever a chart says becomes text, never mark-up.

export const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};

export const TRUTHS = { met: ["✓", "met"], not_met: ["✕", "not met"], unknown: ["?", "open"] };

export const mark = (truth) => {
  const [sign, word] = TRUTHS[truth] ?? ["?", truth];
  return [make("span", { class: `truth ${truth}`, "aria-hidden": "true" }, sign), make("span", { class: "unseen" }, `${word}: `)];
};
