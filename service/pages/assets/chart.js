// The chart of a hook request: what the EHR knows of the patient, read from the prefetch.
import { make } from "./elements.js";

export const resources = (request, key) => {
  const value = request.prefetch?.[key];
  if (!value) return [];
  return value.resourceType === "Bundle" ? (value.entry ?? []).map((entry) => entry.resource).filter(Boolean) : [value];
};

export const concept = (value) => value?.text ?? value?.coding?.find((each) => each.display)?.display ?? value?.coding?.[0]?.code ?? "";

export const drafts = (request) => (request.context?.draftOrders?.entry ?? []).map((entry) => entry.resource).filter(Boolean);

export const drugOf = (resource) =>
  resource.medicationCodeableConcept ?? resource.item?.[0]?.productOrService ?? resource.medicationReference ?? null;

export const dayOf = (resource) =>
  (resource.effectiveDateTime ?? resource.whenHandedOver ?? resource.billablePeriod?.start ?? resource.effectivePeriod?.start ??
    resource.onsetDateTime ?? resource.recordedDate ?? resource.authoredOn ?? resource.authored ?? "").slice(0, 10);

export const valueOf = (resource) => {
  const { valueQuantity: quantity } = resource;
  if (quantity) return `${quantity.value} ${quantity.unit ?? quantity.code ?? ""}`;
  if (resource.valueInteger !== undefined) return String(resource.valueInteger);
  if (resource.valueBoolean !== undefined) return resource.valueBoolean ? "yes" : "no";
  return concept(resource.valueCodeableConcept) || resource.valueString || "";
};

const supplyOf = (resource) => {
  const days = resource.daysSupply?.value ?? resource.supportingInfo?.find((each) => each.category?.coding?.some((coding) => coding.code === "dayssupply"))?.valueQuantity?.value;
  return days === undefined ? "" : `${days} days`;
};

const period = (resource) => {
  const { start, end } = resource.effectivePeriod ?? {};
  return start ? `${start} – ${end ?? "now"}` : dayOf(resource);
};

const SECTIONS = [
  ["conditions", "Problems", (each) => [period(each), concept(each.code)]],
  ["observations", "Results", (each) => [dayOf(each), `${concept(each.code)}: ${valueOf(each)}`]],
  ["medications", "Orders", (each) => [dayOf(each), concept(drugOf(each))]],
  ["medicationStatements", "Medication list", (each) => [period(each), concept(drugOf(each))]],
  ["dispenses", "Dispenses", (each) => [dayOf(each), concept(drugOf(each)), supplyOf(each)]],
  ["claims", "Paid claims", (each) => [dayOf(each), concept(drugOf(each)), supplyOf(each)]],
  ["allergies", "Allergies", (each) => [dayOf(each), concept(each.code)]],
  ["procedures", "Procedures", (each) => [dayOf(each), concept(each.code)]],
  ["coverage", "Coverage", (each) => ["", (each.payor ?? []).map((payor) => payor.display ?? payor.reference).join(", ")]],
  ["answers", "Answers of the prescriber", (each) => [dayOf(each), (each.item ?? []).map((item) => `${item.linkId}: ${item.answer?.[0]?.valueBoolean ? "yes" : "no"}`).join("; ")]],
];

const table = (title, rows) =>
  make("details", { open: "" }, make("summary", {}, `${title} (${rows.length})`),
    make("table", {}, make("tbody", {}, ...rows.map(([day, ...cells]) =>
      make("tr", {}, make("td", { class: "day" }, day ?? ""), make("td", {}, cells.filter(Boolean).join(", ")))))));

export const chart = (request) => {
  const [patient] = resources(request, "patient");
  const name = patient?.name?.[0];
  const who = [name?.text ?? [...(name?.given ?? []), name?.family].filter(Boolean).join(" "), patient?.gender, patient?.birthDate && `born ${patient.birthDate}`];
  // a payer is named with its coverage
  const shown = (key) => resources(request, key).filter((each) => each.resourceType !== "Organization");
  const sections = SECTIONS.map(([key, title, row]) => [title, shown(key).map(row).sort((a, b) => String(b[0]).localeCompare(String(a[0])))]);
  return [make("p", { class: "who" }, who.filter(Boolean).join(", ")), ...sections.filter(([, rows]) => rows.length).map((each) => table(...each))];
};

export const order = (request) => drafts(request).map((draft) =>
  make("div", { class: "draft" }, make("p", {}, make("strong", {}, concept(drugOf(draft)) || draft.resourceType)),
    make("p", {}, (draft.reasonCode ?? []).map(concept).join(", ")),
    ...(draft.dosageInstruction ?? []).map((dose) => make("p", {}, dose.text ?? concept(dose.route) ?? "")),
    draft.dispenseRequest?.quantity ? make("p", { class: "meta" }, `Quantity ${draft.dispenseRequest.quantity.value} ${draft.dispenseRequest.quantity.unit ?? ""}`) : null));
