import { formatCount } from '../../engine/quantities.ts';
import { type Sentence, sentence } from '../../engine/sentence.ts';
import type { ModelIdentity } from '../../engine/types/model-identity.ts';
import type { CatalogueEntry } from './catalogue.ts';

/** Counts of one model differ a little by what a converter leaves out or adds; other sizes differ by far more. */
const parameterTolerance = 0.05;

/**
 * Why a file is not the model whose entry it was opened under: 'This is not PMC-LLaMA 13B: it has 0.13 billion parameters, not
 * 13; ...'. Undefined where nothing that it says contradicts what the entry states, which does not prove that it is that model.
 */
export function contradictionInWords(
  identity: ModelIdentity,
  entry: Pick<CatalogueEntry, 'name' | 'states'>,
): Sentence | undefined {
  const [first, ...others] = contradictions(identity, entry);
  if (!first) return undefined;
  const why = others.reduce(
    (words, next) => sentence`reasons: ${{ before: words }}; ${{ reason: next }}`,
    first,
  );
  return sentence`file-of-another-model: This is not ${{ model: entry.name }}: ${{ why }}.`;
}

/** Each what the file has and the entry states otherwise, as a part of a sentence about the file. */
export function contradictions(
  { architecture, parameterCount, shape, vocabulary }: ModelIdentity,
  { states }: Pick<CatalogueEntry, 'states'>,
): Sentence[] {
  if (!states) return [];
  const found: Sentence[] = [];
  if (architecture !== states.architecture)
    found.push(
      sentence`other-architecture: it is of the architecture "${{ found: architecture }}", not "${{ stated: states.architecture }}"`,
    );
  if (Math.abs(parameterCount - states.parameterCount) > parameterTolerance * states.parameterCount)
    found.push(
      sentence`other-size: it has ${{ found: inBillions(parameterCount) }} billion parameters, not ${{ stated: inBillions(states.parameterCount) }}`,
    );
  if (shape.layers !== null && shape.layers !== states.shape.layers)
    found.push(
      sentence`other-layers: it has ${{ found: shape.layers }} layers, not ${{ stated: states.shape.layers }}`,
    );
  if (shape.embedding !== null && shape.embedding !== states.shape.embedding)
    found.push(
      sentence`other-width: its layers are ${{ found: formatCount(shape.embedding) }} wide, not ${{ stated: formatCount(states.shape.embedding) }}`,
    );
  if (vocabulary && vocabulary.pieces !== states.vocabulary.pieces)
    found.push(
      sentence`other-vocabulary: its vocabulary has ${{ found: formatCount(vocabulary.pieces) }} pieces, not ${{ stated: formatCount(states.vocabulary.pieces) }}`,
    );
  return found;
}

/** 134515008 -> "0.13", 13015874560 -> "13", 1889146880 -> "1.9". */
function inBillions(count: number): string {
  return String(Number((count / 1e9).toPrecision(2)));
}
