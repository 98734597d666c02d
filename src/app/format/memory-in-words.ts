import type { LargestPiece, ModelPlan } from '../../client/index.ts';
import { precisionWords } from './memory-names.ts';
import { formatBytes, formatCount } from './quantities.ts';

const parts: Record<LargestPiece['part'], string> = {
  weights: 'of the weights',
  cache: 'of the conversation memory',
  activations: 'of the working memory',
  visionWeights: 'of the image encoder',
  visionActivations: 'of the image encoder’s working memory',
};

/** A part of a model in words, and its bytes. */
export type MemoryRow = [part: string, bytes: number];

/** What a model holds in the device's memory; the rows add up to `memory.total`. */
export function memoryRows({ memory, precision, contextTokens }: ModelPlan): MemoryRow[] {
  const image = memory.visionWeights + memory.visionActivations;
  const rows: MemoryRow[] = [
    ['Weights', memory.weights],
    [
      `Conversation memory (${formatCount(contextTokens)} tokens, ${precisionWords[precision]})`,
      memory.cache,
    ],
    ['Working memory', memory.activations + memory.readback],
  ];
  if (image > 0) rows.push(['Image encoder', image]);
  return rows;
}

/** What the device's limits do to the model, and what to do about it; null where they do nothing. */
export function memoryLimitInWords({
  largest,
  precision,
  contextTokens,
  wantedContextTokens,
}: ModelPlan): string | null {
  const { part, name, bytes, limitBytes } = largest;
  if (bytes > limitBytes) {
    return (
      `The largest single piece (${name}, ${formatBytes(bytes)} ${parts[part]}) is more than this device accepts in ` +
      `one piece (${formatBytes(limitBytes)}). Use another device, or a smaller model.`
    );
  }
  if (contextTokens < wantedContextTokens) {
    return (
      `This device has room for ${formatCount(contextTokens)} of ${formatCount(wantedContextTokens)} tokens of ` +
      'conversation. ' +
      (precision === 'q4'
        ? 'For longer ones, use another device.'
        : 'A lower precision of the conversation’s memory, in the settings, makes more room.')
    );
  }
  return null;
}

/** That a model is held to fewer tokens than its file says; null of one that is not. */
export function contextBorderInWords({ heldTo }: Pick<ModelPlan, 'heldTo'>): string | null {
  if (!heldTo) return null;
  const { tokens, ofTokens } = heldTo;
  return `It reads up to ${formatCount(tokens)} tokens here, of the ${formatCount(ofTokens)} that its file says: past that, all would be read again in another way.`;
}

export function largestPieceInWords({ largest }: ModelPlan): string {
  const { part, bytes, limitBytes } = largest;
  return `Largest single piece: ${formatBytes(bytes)} ${parts[part]}; this device accepts ${formatBytes(limitBytes)}.`;
}
