import { seededRandom } from './random.ts';

/**
 * Tensors of weights unlike one another in how they are distributed, the same on every machine: for quantisers, whose bytes a
 * fixture holds. Only operations that are exact everywhere; [rows, columns] f32, of 4 rows of 512.
 */
export interface SampleTensor {
  name: string;
  values: Float32Array<ArrayBuffer>;
}

export const sampleColumns = 512;
const count = 4 * sampleColumns;

type Draw = (i: number, random: () => number) => number;

/** Nearly a bell: the sum of twelve, with the variance 1. */
function bell(random: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random();
  return sum;
}

/** Many near zero, few far out. */
function heavy(random: () => number): number {
  const draw = bell(random);
  return draw * draw * draw;
}

const families: Readonly<Record<string, Draw>> = {
  'a bell of 0.02': (_, random) => 0.02 * bell(random),
  'a bell of 1': (_, random) => bell(random),
  'a bell of 0.001': (_, random) => 0.001 * bell(random),
  'a bell about 0.05': (_, random) => 0.05 + 0.02 * bell(random),
  'a bell about -3': (_, random) => -3 + 0.5 * bell(random),
  'heavy tails': (_, random) => 0.01 * heavy(random),
  uniform: (_, random) => random() - 0.5,
  'positive, from zero': (_, random) => random(),
  'positive, far from zero': (_, random) => 10 + random(),
  'negative, from zero': (_, random) => -random(),
  'mostly zeros': (_, random) => (random() < 0.9 ? 0 : bell(random)),
  'a few outliers': (_, random) => (random() < 0.01 ? 2 : 0.01) * bell(random),
  'columns of outliers': (i, random) => (i % 128 === 5 ? 50 : 0.03) * bell(random),
  'groups of unlike sizes': (i, random) => 2 ** ((Math.floor(i / 16) % 21) - 14) * bell(random),
  'zeros and constants by block': (i, random) => {
    const kind = Math.floor(i / 32) % 5;
    return [0, 0.75, -0.75, bell(random), i % 2 ? 1 : -1][kind]!;
  },
  'a lattice with ties': (_, random) => Math.round(8 * bell(random)) / 16,
  'three values': (_, random) => Math.floor(3 * random()) - 1,
  'a ramp': i => (i % 96) / 96 - 0.4,
  'one weight in each group': (i, random) => (i % 32 === (i >> 5) % 32 ? bell(random) : 0),
  'equal extremes': (i, random) => (i % 16 === 3 ? 1 : i % 16 === 9 ? -1 : 0.3 * bell(random)),
  huge: (_, random) => 20_000 * (random() - 0.5),
  'near the smallest halves': (_, random) => 2 ** -18 * bell(random),
  'below the smallest halves': (_, random) => 2 ** -40 * bell(random),
  'below what counts as zero': (i, random) => 2 ** (-30 - (i % 110)) * bell(random),
  'of every size': (_, random) =>
    (random() < 0.5 ? -1 : 1) * 2 ** Math.floor(60 * random() - 50) * (1 + random()),
};

const bfloat = new Uint32Array(1);
const single = new Float32Array(bfloat.buffer);

/** As published weights are. */
function toBfloat(value: number): number {
  single[0] = value;
  bfloat[0]! &= 0xffff0000;
  return single[0];
}

/** Fifty of them: each as float32, and as what sixteen bits keep of another draw. */
export function sampleTensors(): SampleTensor[] {
  return Object.entries(families).flatMap(([name, draw], index) =>
    [false, true].map(isCut => {
      const random = seededRandom(2 * index + (isCut ? 1 : 0) + 1);
      const values = Float32Array.from({ length: count }, (_, i) => {
        const value = draw(i, random);
        return isCut ? toBfloat(value) : value;
      });
      return { name: isCut ? `${name}, in sixteen bits` : name, values };
    }),
  );
}
