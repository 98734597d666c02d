import { chooseType, type MatrixName } from '../../engine/convert/choose-type.ts';
import { blockFormatOf, GgmlType } from '../../engine/quant/block-formats.ts';
import type { Quantisation } from '../../engine/types/quantisation.ts';
import type { CatalogueEntry } from './catalogue.ts';
import type { EntryStates } from './entry-states.ts';

type Decoder = Pick<EntryStates, 'shape' | 'parameterCount' | 'headDim'> & { vocabulary: { pieces: number } };

/** Where nothing is known of a model: LLaMA's with seven thousand million weights. */
const usualDecoder: Decoder = {
  parameterCount: 6738415616,
  shape: { layers: 32, embedding: 4096, feedForward: 11008, heads: 32, kvHeads: 32 },
  vocabulary: { pieces: 32000 },
};

/** About what a language model will have as a GGUF file, by its matrices; within a hundredth for larger ones. */
export function convertedTextBytes(
  { shape, parameterCount, vocabulary, headDim }: Decoder,
  quantisation: Quantisation,
): number {
  const { layers, embedding, feedForward, heads, kvHeads } = shape;
  const ofHead = headDim ?? embedding / heads;
  const [queryRows, keyRows] = [ofHead * heads, ofHead * kvHeads];
  const ofLayer: [MatrixName, rows: number, columns: number][] = [
    ['attn_q', queryRows, embedding],
    ['attn_k', keyRows, embedding],
    ['attn_v', keyRows, embedding],
    ['attn_output', embedding, queryRows],
    ['ffn_gate', feedForward, embedding],
    ['ffn_up', feedForward, embedding],
    ['ffn_down', embedding, feedForward],
  ];
  const layerWeights = ofLayer.reduce((sum, [, rows, columns]) => sum + rows * columns, 0);
  const vocabularyWeights = vocabulary.pieces * embedding;
  // Whether the weights that there are include an output matrix.
  const isTied = parameterCount < layers * layerWeights + 1.5 * vocabularyWeights;
  const model = { layers, heads, kvHeads, isTied };
  const bytesOf = (matrix: MatrixName, layer: number, rows: number, columns: number) => {
    const type = chooseType(quantisation, matrix, layer, columns, model);
    const { blockElements, blockBytes } = blockFormatOf(GgmlType[type]);
    return (rows * columns * blockBytes) / blockElements;
  };
  let bytes = bytesOf('token_embd', 0, vocabulary.pieces, embedding);
  if (!isTied) bytes += bytesOf('output', 0, vocabulary.pieces, embedding);
  for (let layer = 0; layer < layers; layer++) {
    for (const [matrix, rows, columns] of ofLayer) bytes += bytesOf(matrix, layer, rows, columns);
  }
  return bytes;
}

/** Bytes of a weight, on average over a large model. */
export function convertedBytesOfWeight(quantisation: Quantisation): number {
  return convertedTextBytes(usualDecoder, quantisation) / usualDecoder.parameterCount;
}

/** The entry as it will be once its checkpoint is converted: with the size of those files, where it is known. */
export function asConverted(entry: CatalogueEntry, quantisation: Quantisation): CatalogueEntry {
  const { states, expects } = entry;
  if (!states || !expects) return entry;
  return { ...entry, expects: { ...expects, bytesApprox: convertedTextBytes(states, quantisation) } };
}
