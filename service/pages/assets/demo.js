// A small EHR: loads a recorded request, signs its order, shows the cards, takes suggestions, sends feedback.
import { drugs, numbers, withAnswer, withBirth, withFill, withValue } from "./bench.js";
import { applied, cards } from "./cards.js";
import { chart, order, resources } from "./chart.js";
import { make } from "./elements.js";
import { EXTENSION, openCriteria, tree, turnedWords } from "./tree.js";

const at = (id) => document.getElementById(id);
const state = { request: null, original: null, twin: null, earlier: null, services: [], changes: 0 };

const problem = (words) => { at("problem").textContent = words; };

const call = async (path, body) => {
  const answer = await fetch(path, body ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {});
  const text = await answer.text();
  const content = text ? JSON.parse(text) : {};
  if (!answer.ok) throw new Error(content.issue?.[0]?.diagnostics ?? `the service answered ${answer.status}`);
  return content;
};

const service = () => {
  // a service of Da Vinci CRD, which discovery marks, answers less for a reader
  const fitting = state.services.filter((each) => each.hook === state.request.hook);
  const found = fitting.find((each) => !each.extension) ?? fitting[0];
  if (!found) throw new Error(`the service has no hook ${state.request.hook}`);
  return `/cds-services/${encodeURIComponent(found.id)}`;
};

const show = () => {
  at("chart").replaceChildren(...chart(state.request));
  at("order").replaceChildren(...order(state.request));
  at("changed").textContent = state.changes ? `${state.changes} changed by hand. ${at("turned").textContent}` : "";
  const options = (form, pairs) => at(form).which.replaceChildren(...pairs.map(([value, label]) => make("option", { value }, label)));
  options("value", numbers(state.request).map((each) => [each.id, each.label]));
  options("fill", drugs(state.request).map(([name]) => [name, name]));
  options("answer", state.twin ? openCriteria(state.twin).map((each) => [each.id, each.says]) : []);
  at("born").day.value = resources(state.request, "patient")[0]?.birthDate ?? "";
  for (const form of ["value", "fill", "answer"]) at(form).querySelector("button").disabled = !at(form).which.options.length;
  choose();
};

const choose = () => {
  const chosen = numbers(state.request).find((each) => each.id === at("value").which.value);
  if (chosen) [at("value").value.value, at("value").day.value] = [chosen.value, chosen.day];
};

const sign = async () => {
  problem("");
  at("busy").textContent = "…";
  try {
    state.request.hookInstance = crypto.randomUUID();
    const answer = await call(service(), state.request);
    const twin = answer.cards.map((card) => card.extension?.[EXTENSION]).find(Boolean) ?? null;
    state.earlier = twin && state.twin?.order === twin.order ? state.twin : null;
    state.twin = twin;
    at("cards").replaceChildren(...cards(answer, { accept, dismiss }));
    at("tree").replaceChildren(twin ? tree(twin, state.earlier) : make("p", { class: "meta" }, "No assessment."));
    at("turned").textContent = twin ? turnedWords(twin, state.earlier) : "";
    show();
  } catch (error) {
    problem(error.message);
  }
  at("busy").textContent = "";
};

const feedback = async (card, outcome) => {
  try {
    await call(`${service()}/feedback`, { feedback: [{ card: card.uuid, outcomeTimestamp: new Date().toISOString(), ...outcome }] });
    return true;
  } catch (error) {
    problem(error.message);
    return false;
  }
};

const accept = async (card, suggestion) => {
  const drafts = state.request.context.draftOrders;
  drafts.entry = applied(drafts.entry ?? [], suggestion.actions ?? []);
  await feedback(card, { outcome: "accepted", acceptedSuggestions: [{ id: suggestion.uuid }] });
  show();
  at(`card-${card.uuid}`)?.replaceChildren(make("p", { role: "status" }, `Taken: ${suggestion.label}. The draft has changed; sign again.`));
};

const dismiss = async (card, reason) => {
  const sent = await feedback(card, { outcome: "overridden", ...(reason ? { overrideReason: { reason: { code: reason.code, system: reason.system } } } : {}) });
  if (sent) at(`card-${card.uuid}`)?.replaceChildren(make("p", { role: "status" }, `Dismissed${reason ? `: ${reason.display ?? reason.code}` : ""}.`));
};

const take = (request) => {
  Object.assign(state, { original: structuredClone(request), request, twin: null, earlier: null, changes: 0 });
  at("cards").replaceChildren(make("p", { class: "meta" }, "Sign the order to see what the service says."));
  at("tree").replaceChildren(make("p", { class: "meta" }, "It appears with the cards."));
  at("turned").textContent = "";
  problem("");
  show();
  at("sign").disabled = false;
};

const load = async (name) => {
  try {
    take(await call(`/demo/requests/${encodeURIComponent(name)}.json`));
    history.replaceState(null, "", `#${name}`);
  } catch (error) {
    problem(error.message);
  }
};

const change = (id, changed) => at(id).addEventListener("submit", (event) => {
  event.preventDefault();
  state.request = changed(event.target.elements);
  state.changes += 1;
  sign();
});

change("value", ({ which, value, day }) => withValue(state.request, which.value, Number(value.value), day.value));
change("fill", ({ which, kind, day, days }) => withFill(state.request, new Map(drugs(state.request)).get(which.value), kind.value, day.value, Number(days.value)));
change("answer", ({ which, value }) => withAnswer(state.request, state.twin, which.value, value.value === "true"));
change("born", ({ day }) => withBirth(state.request, day.value));

at("value").which.addEventListener("change", choose);
at("sign").addEventListener("click", sign);
at("story").addEventListener("change", (event) => load(event.target.value));
at("reset").addEventListener("click", () => take(state.original));
at("download").addEventListener("click", (event) => {
  const url = URL.createObjectURL(new Blob([JSON.stringify(state.request, null, 1)], { type: "application/json" }));
  event.currentTarget.href = url;
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
});
const read = async (file) => {
  try {
    const request = JSON.parse(await file.text());
    if (!request?.context?.draftOrders) throw new Error("this file is no hook request: it has no context.draftOrders");
    take(request);
  } catch (error) {
    problem(error.message);
  }
};
at("file").addEventListener("change", (event) => event.target.files[0] && read(event.target.files[0]));
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files[0]) read(event.dataTransfer.files[0]);
});

state.services = (await call("/cds-services")).services;
const names = [...at("story").options].map((option) => option.value);
const wanted = decodeURIComponent(location.hash.slice(1));
at("story").value = names.includes(wanted) ? wanted : (names.find((name) => name === "p001-initial") ?? names[0] ?? "");
// A fill of some weeks ago, so that its days are over on the day that is asked about.
const WEEKS_AGO = 60 * 86_400_000;
at("fill").day.value = new Date(Date.parse(document.body.dataset.day) - WEEKS_AGO).toISOString().slice(0, 10);
if (at("story").value) await load(at("story").value);
