/** Units by how they are written, folded, and what they measure; `factor` turns a value into the base of its dimension. */
export interface Unit {
  /** Values of one dimension can be compared. */
  dimension: string;
  factor: number;
}

const unit = (dimension: string, factor: number): Unit => ({ dimension, factor });

/** The SI (BIPM, The International System of Units, 9th edition), and what medicine writes beside it. */
export const units: Readonly<Record<string, Unit>> = {
  ng: unit('mass', 1e-9),
  µg: unit('mass', 1e-6),
  mcg: unit('mass', 1e-6),
  ug: unit('mass', 1e-6),
  mg: unit('mass', 1e-3),
  g: unit('mass', 1),
  iu: unit('international units', 1),
  units: unit('units', 1),
  'mmol/l': unit('substance in volume', 1e-3),
  'µmol/l': unit('substance in volume', 1e-6),
  'umol/l': unit('substance in volume', 1e-6),
  'nmol/l': unit('substance in volume', 1e-9),
  'pmol/l': unit('substance in volume', 1e-12),
  'g/l': unit('mass in volume', 1),
  'g/dl': unit('mass in volume', 10),
  'mg/dl': unit('mass in volume', 1e-2),
  'mg/l': unit('mass in volume', 1e-3),
  'µg/l': unit('mass in volume', 1e-6),
  'ug/l': unit('mass in volume', 1e-6),
  'ng/ml': unit('mass in volume', 1e-6),
  'pg/ml': unit('mass in volume', 1e-9),
  'ng/l': unit('mass in volume', 1e-9),
  'meq/l': unit('equivalents in volume', 1e-3),
  '%': unit('share', 1),
  mmhg: unit('pressure', 1),
  'u/l': unit('activity in volume', 1),
  'iu/l': unit('activity in volume', 1),
  'ml/min': unit('clearance', 1),
};
