// Facts set by hand: each function changes a copy of the request and returns it.
import { concept, dayOf, drugOf, resources, valueOf } from "./chart.js";

const bundle = (request, key, resource) => {
  const before = request.prefetch?.[key]?.entry ?? [];
  const value = { resourceType: "Bundle", type: "searchset", entry: [...before, { resource }] };
  return { ...request, prefetch: { ...request.prefetch, [key]: value } };
};
const fresh = (request) => `bench-${JSON.stringify(request).split('"bench-').length}`;
const subject = (request) => ({ reference: `Patient/${request.context.patientId.replace("Patient/", "")}` });

export const numbers = (request) => resources(request, "observations")
  .filter((each) => each.valueQuantity || each.valueInteger !== undefined)
  .map((each) => ({ id: each.id, label: `${concept(each.code)}: ${valueOf(each)} (${dayOf(each)})`, value: each.valueQuantity?.value ?? each.valueInteger, day: dayOf(each) }));

export const withValue = (request, id, value, day) => {
  const copy = structuredClone(request);
  for (const each of resources(copy, "observations").filter((observation) => observation.id === id)) {
    if (each.valueQuantity) each.valueQuantity.value = value;
    else each.valueInteger = value;
    each.effectiveDateTime = day;
  }
  return copy;
};

export const drugs = (request) => {
  const all = ["medicationStatements", "medications", "dispenses", "claims"].flatMap((key) => resources(request, key)).map(drugOf).filter((drug) => drug?.coding);
  return [...new Map(all.map((drug) => [concept(drug), drug])).entries()];
};

export const withFill = (request, drug, kind, day, days) => {
  const id = fresh(request);
  if (kind === "dispense") {
    return bundle(request, "dispenses", {
      resourceType: "MedicationDispense", id, meta: { source: "https://pharmacy.example.com/records" }, status: "completed",
      medicationCodeableConcept: drug, subject: subject(request), whenHandedOver: day,
      daysSupply: { value: days, unit: "days", system: "http://unitsofmeasure.org", code: "d" },
    });
  }
  const coded = (system, code) => ({ coding: [{ system, code }] });
  const [coverage] = resources(request, "coverage").filter((each) => each.resourceType === "Coverage");
  return bundle(request, "claims", {
    resourceType: "ExplanationOfBenefit", id, status: "active", use: "claim", outcome: "complete",
    type: coded("http://terminology.hl7.org/CodeSystem/claim-type", "pharmacy"),
    patient: subject(request), billablePeriod: { start: day, end: day }, created: day,
    insurer: coverage?.payor?.[0] ?? { display: "payer" }, provider: { display: "pharmacy" },
    insurance: [{ focal: true, coverage: { reference: `Coverage/${coverage?.id ?? "none"}` } }],
    supportingInfo: [{ sequence: 1, category: coded("http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBSupportingInfoType", "dayssupply"), valueQuantity: { value: days } }],
    item: [{ sequence: 1, productOrService: drug, servicedDate: day,
      adjudication: [{ category: coded("http://terminology.hl7.org/CodeSystem/adjudication", "benefit"), amount: { value: 1, currency: "USD" } }] }],
  });
};

const QUESTIONNAIRES = "https://dupilumab-cds.github.io/fhir/Questionnaire/";
const named = (twin, path) => `${QUESTIONNAIRES}${`${twin.policy.id}-${twin.indication.split("+")[0]}-${path}`.replaceAll("/", "-")}|${twin.policy.effective}`;

export const withAnswer = (request, twin, id, value) => {
  const path = twin.path === "renewal" || id.includes(".renewal.") ? "renewal" : "initial";
  return bundle(request, "answers", {
    resourceType: "QuestionnaireResponse", id: fresh(request), questionnaire: named(twin, path), status: "completed",
    subject: subject(request), authored: twin.asOf, author: { reference: request.context.userId },
    item: [{ linkId: id, answer: [{ valueBoolean: value }] }],
  });
};

export const withBirth = (request, day) => {
  const copy = structuredClone(request);
  for (const patient of resources(copy, "patient")) patient.birthDate = day;
  return copy;
};
