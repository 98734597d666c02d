import type { EngineDevice } from '../gpu/device.ts';
import type { AttentionShape } from '../kernels/attention.ts';
import type { EncoderAttentionShape } from '../kernels/encoder-attention.ts';
import {
  decodeAttentionCase,
  encoderAttentionCase,
  productCase,
  type Shape,
} from '../kernels/registry/kernel-cases.ts';
import type { LanguageModel } from '../models/language-model.ts';
import type { GgmlTypeName } from '../quant/block-formats.ts';
import { placements } from '../quant/gpu-formats.ts';
import { type Precision, precisions } from '../types.ts';
import type { ReportedProblem } from './kernel-report.ts';
import { attentionProblem, elementwiseProblems, productProblems } from './language-problems.ts';
import { encoderProblems, epilogueProblem, keyScoreProblem } from './vision-problems.ts';

export type Heads = Pick<AttentionShape, 'heads' | 'kvHeads' | 'headDim' | 'ropeDimensions'>;

export interface KernelSelection {
  types: readonly GgmlTypeName[];
  caches: readonly Precision[];
  heads: readonly Heads[];
  vision?: { types: readonly GgmlTypeName[]; shape: EncoderAttentionShape } | undefined;
}

const allTypes = Object.keys(placements) as GgmlTypeName[];

/** Of PMC-LLaMA-13B and of InternLM2-1.8B, which is Mini-Monkey's language half. */
const knownHeads: readonly Heads[] = [
  { heads: 40, kvHeads: 40, headDim: 128, ropeDimensions: 128 },
  { heads: 16, kvHeads: 8, headDim: 128, ropeDimensions: 128 },
];

/** InternViT-300M: 32 x 32 patches and the class token. */
const knownEncoder: EncoderAttentionShape = { heads: 16, headDim: 64, positions: 1025 };

/** Every format, cache and family that this device can be asked for. */
export function everyKernel(device: EngineDevice): KernelSelection {
  return {
    types: allTypes,
    caches: precisions.filter(precision => precision !== 'f16' || device.variant.f16),
    heads: knownHeads,
    vision: { types: allTypes, shape: knownEncoder },
  };
}

/** What a loaded model uses. */
export function kernelsOf({ config, info, vision, matrices }: LanguageModel): KernelSelection {
  const { heads, kvHeads, headDim, ropeDimensions } = config;
  const types = (names: readonly string[]) => allTypes.filter(type => names.includes(type));
  // A file's vectors are of other types than what is multiplied with.
  const formats = new Set([...matrices.values()].map(({ format }) => format));
  return {
    types: types(info.tensorTypes).filter(type => formats.has(placements[type]!.format)),
    caches: [info.precision],
    heads: [{ heads, kvHeads, headDim, ropeDimensions }],
    ...(vision && info.vision
      ? { vision: { types: types(info.vision.tensorTypes), shape: vision.config } }
      : {}),
  };
}

/** The problems of a selection, with what their kernels are timed on. */
export function listProblems(device: EngineDevice, selection: KernelSelection): ReportedProblem[] {
  const { types, caches, heads, vision } = selection;
  // A processor takes seconds for what a GPU does in no time.
  const shape: Shape = device.report.isSoftware
    ? { rows: 512, columns: 2048 }
    : { rows: 4096, columns: 4096 };
  const context = device.report.isSoftware ? 256 : 2048;
  const problems: ReportedProblem[] = types.flatMap(type =>
    productProblems(type).map(problem => ({
      ...problem,
      group: 'products' as const,
      form: '',
      speeds: {
        [`matvec ${type}`]: productCase(shape, type, 1),
        [`matmul ${type}`]: productCase(shape, type, 128),
      },
    })),
  );
  problems.push(
    ...elementwiseProblems.map(problem => ({ ...problem, group: 'language' as const, form: '' })),
  );
  const caching = heads.flatMap(each => caches.map(cache => ({ ...each, cache })));
  for (const each of caching) {
    problems.push({
      ...attentionProblem(each),
      group: 'attention',
      form: describeAttention(each),
      speeds: { 'attention, one token': decodeAttentionCase(each, context, each.cache) },
    });
  }
  if (!vision) return problems;
  const encoder = device.report.isSoftware ? { ...vision.shape, positions: 65 } : vision.shape;
  const ofVision: Omit<ReportedProblem, 'group'>[] = [
    ...vision.types.map(type => ({ ...epilogueProblem(type), form: '' })),
    ...encoderProblems(vision.shape).map(problem => ({
      ...problem,
      form: '',
      speeds: { 'attention of the image encoder': encoderAttentionCase(encoder) },
    })),
    ...caching.map(each => ({ ...keyScoreProblem(each), form: describeAttention(each) })),
  ];
  return [...problems, ...ofVision.map(problem => ({ ...problem, group: 'vision' as const }))];
}

const cacheNames: Readonly<Record<Precision, string>> = { f32: '32-bit', f16: '16-bit', q8: '8-bit' };

function describeAttention({ heads, kvHeads, headDim, cache }: Heads & { cache: Precision }): string {
  return `${cacheNames[cache]} cache, ${heads} heads on ${kvHeads} of ${headDim}`;
}
