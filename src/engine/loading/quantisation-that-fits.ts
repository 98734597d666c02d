import { inBytes, type Sentence, sentence, written } from '../sentence.ts';
import { type ModelPlan, mostBytes } from '../types/memory.ts';
import { type Precision, precisions } from '../types/precision.ts';
import { type Quantisation, quantisations } from '../types/quantisation.ts';

/** The same model in other formats, with which it would find room for the conversation that was asked for. */
export interface QuantisedFit {
  quantisation: Quantisation;
  /** As asked, or coarser where nothing fits as asked. */
  precision: Precision;
  contextTokens: number;
  /** What it would take while it is loaded. */
  totalBytes: number;
}

/** The plan with the formats that a conversion chooses, and another precision of the conversation. */
export type QuantisedPlan = (options: {
  quantisation: Quantisation;
  precision: Precision;
  contextTokens: number;
}) => ModelPlan;

/** Files of one quantisation differ by a hundredth with who made them; from one to the next smaller it is five or more. */
export const clearlySmaller = 0.97;

/**
 * The most exact quantisation of fewer bytes than the file's own that would fit: with the conversation kept as exactly as was asked,
 * else the next coarser way in which any fits. What sees images keeps its encoder's weights as they are.
 * @param plan of the file, which found no room
 */
export function quantisationThatFits(
  plan: ModelPlan,
  roomBytes: number,
  planFor: QuantisedPlan,
): QuantisedFit | undefined {
  const { contextTokens } = plan;
  for (const precision of precisions.slice(precisions.indexOf(plan.precision))) {
    for (const quantisation of quantisations) {
      const { memory } = planFor({ quantisation, precision, contextTokens });
      const totalBytes = mostBytes(memory);
      const isSmaller = memory.weights < clearlySmaller * plan.memory.weights;
      if (isSmaller && totalBytes <= roomBytes) return { quantisation, precision, contextTokens, totalBytes };
    }
  }
  return undefined;
}

/** Exact memory is never what is coarser. */
const coarserInWords: Readonly<Record<Precision, string>> = {
  f32: '32-bit',
  f16: '16-bit',
  q8: '8-bit',
  q4: '4-bit (less exact)',
};

/** @param asked the precision that found no room */
export function fitInWords(
  { quantisation, precision, contextTokens, totalBytes }: QuantisedFit,
  asked: Precision,
): Sentence {
  const bytes = inBytes(totalBytes);
  if (precision === asked)
    return sentence`quantisation-that-fits: The same model as ${{ quantisation }} takes ${{ quantisedBytes: bytes }} with a conversation of ${{ contextTokens }} tokens and would fit.`;
  return sentence`quantisation-that-fits-with-coarser-cache: The same model as ${{ quantisation }} takes ${{ quantisedBytes: bytes }} with a conversation of ${{ contextTokens }} tokens and would fit with ${{ precision: written(precision, coarserInWords[precision]) }} conversation memory.`;
}
