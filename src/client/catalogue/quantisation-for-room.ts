import { architectures, familyOf, hasWindowUnsaid } from '../../engine/families/families.ts';
import { pagePositions } from '../../engine/kernels/cache-format.ts';
import { clearlySmaller } from '../../engine/loading/quantisation-that-fits.ts';
import { mostRingTokens, windowPages } from '../../engine/models/tensors/window-ring.ts';
import type { ModelPlan } from '../../engine/types/memory.ts';
import type { Precision } from '../../engine/types/precision.ts';
import { type Quantisation, quantisations } from '../../engine/types/quantisation.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { convertedTextBytes } from './converted-bytes.ts';
import { bytesOfEntry } from './entry-files.ts';
import { languageHalf, workOfEntry } from './work-of-entry.ts';

/** How a model is to be loaded. */
export interface WantedConversation {
  precision: Precision;
  /** 0: as many as its entry suggests. */
  contextTokens: number;
}

/** Of a number of keys or values; 8 bits have a scale of 4 bytes for 64 of them, 4 bits a range of 4 bytes for 32. */
const cachedBytes: Readonly<Record<Precision, number>> = { f32: 4, f16: 2, q8: 1.0625, q4: 0.625 };

/** With the shortest steps: activations, and weights on their way: of PMC-LLaMA-13B 101 MB. */
const usualWorkingBytes = 100e6;

/**
 * The most exact quantisation with which a model of the list would fit whose file does not, and about what it would then take
 * in all; by its stated sizes, so nothing of a model of which none are stated.
 * @param plan of the file, where its headers were read
 */
export function quantisationForRoom(
  entry: CatalogueEntry,
  roomBytes: number,
  wanted: WantedConversation,
  plan: ModelPlan | null,
): { quantisation: Quantisation; bytes: number } | undefined {
  const { states } = entry;
  if (!states) return undefined;
  const { text, others } = plan ? plannedBytes(plan) : statedBytes(entry, wanted);
  for (const quantisation of quantisations) {
    const converted = convertedTextBytes(states, quantisation);
    const bytes = converted + others;
    if (converted < clearlySmaller * text && bytes <= roomBytes) return { quantisation, bytes };
  }
  return undefined;
}

interface Bytes {
  /** Of the language model's weights. */
  text: number;
  /** Of all else that is held, and of what passes through. */
  others: number;
}

function plannedBytes({ memory, leastBytes }: ModelPlan): Bytes {
  return { text: memory.weights, others: leastBytes - memory.weights };
}

function statedBytes(entry: CatalogueEntry, { precision, contextTokens }: WantedConversation): Bytes {
  const limit = entry.states?.contextTokens ?? Number.POSITIVE_INFINITY;
  const tokens = Math.min(contextTokens || entry.contextTokens, limit);
  const conversation = positionsKept(entry, tokens) * workOfEntry(entry).cached * cachedBytes[precision];
  const text = bytesOfEntry(languageHalf(entry));
  return { text, others: bytesOfEntry(entry) - text + conversation + usualWorkingBytes };
}

/** Positions that a layer keeps, on average: those with a window a ring of it. */
function positionsKept({ states }: CatalogueEntry, tokens: number): number {
  const architecture = architectures.find(name => name === states?.architecture);
  if (!states?.window || !architecture) return tokens;
  const { layers } = states.shape;
  const { globalEvery } = familyOf(architecture).gguf;
  const ring = Math.min(tokens, windowPages(states.window, mostRingTokens) * pagePositions);
  let kept = 0;
  for (let layer = 0; layer < layers; layer++) kept += hasWindowUnsaid(layer, globalEvery) ? ring : tokens;
  return kept / layers;
}
