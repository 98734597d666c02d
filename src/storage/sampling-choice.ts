import { isInRange } from '../engine/sampling/validate-sampling.ts';
import { greedySampling, type SamplingSettings } from '../engine/types/sampling.ts';
import { type FieldReader, type FieldReaders, objectOf } from './record-fields.ts';

const names = Object.keys(greedySampling) as (keyof SamplingSettings)[];

const number =
  (name: keyof SamplingSettings): FieldReader<number> =>
  value =>
    isInRange(name, value) ? value : undefined;

/** All of it, by the engine's own rules: with a part that is missing other words would be chosen. */
export const samplingChoice: FieldReader<SamplingSettings> = objectOf<SamplingSettings>(
  Object.fromEntries(names.map(name => [name, number(name)])) as FieldReaders<SamplingSettings>,
  names,
);
