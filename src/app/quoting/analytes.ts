/** What is measured in blood, by how it is written, folded. */
export interface Analyte {
  id: string;
  names: readonly string[];
  /** Grams a mole, where values in mmol/L and mg/dL are of the same thing: of the free molecule that laboratories report. */
  molarMass?: number;
}

/** Molar masses: IUPAC standard atomic weights (abridged, 2021), to the last digit that is written. */
export const analytes: readonly Analyte[] = [
  {
    id: 'potassium',
    names: ['potassium', 'serum potassium', 'kalium', 'potasio', 'kaliemie'],
    molarMass: 39.098,
  },
  { id: 'sodium', names: ['sodium', 'serum sodium', 'natrium', 'sodio', 'natremie'], molarMass: 22.99 },
  { id: 'chloride', names: ['chloride', 'chlorid'] },
  { id: 'calcium', names: ['calcium', 'kalzium', 'calcio'], molarMass: 40.078 },
  { id: 'magnesium', names: ['magnesium', 'magnesio'], molarMass: 24.305 },
  { id: 'phosphate', names: ['phosphate', 'phosphat'] },
  {
    id: 'glucose',
    names: ['glucose', 'blood glucose', 'glukose', 'glucosa', 'glycemie'],
    molarMass: 180.156,
  },
  {
    id: 'creatinine',
    names: ['creatinine', 'serum creatinine', 'kreatinin', 'creatinina'],
    molarMass: 113.12,
  },
  { id: 'uric acid', names: ['uric acid', 'urate', 'harnsaure'], molarMass: 168.112 },
  { id: 'bilirubin', names: ['bilirubin', 'total bilirubin', 'bilirubina'], molarMass: 584.669 },
  { id: 'lactate', names: ['lactate', 'laktat'] },
  { id: 'haemoglobin', names: ['haemoglobin', 'hemoglobin', 'hamoglobin', 'hemoglobina'] },
  { id: 'hba1c', names: ['hba1c', 'hba 1 c'] },
  { id: 'crp', names: ['crp', 'c reactive protein'] },
  { id: 'ferritin', names: ['ferritin'] },
  { id: 'albumin', names: ['albumin'] },
  { id: 'tsh', names: ['tsh'] },
  { id: 'egfr', names: ['egfr', 'gfr'] },
  { id: 'inr', names: ['inr'] },
  { id: 'alt', names: ['alt', 'alat', 'gpt'] },
  { id: 'ast', names: ['ast', 'asat', 'got'] },
];
