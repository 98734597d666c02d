import type { GgufTensor } from '../formats/gguf.ts';
import { blockFormatOf, GgmlType } from '../quant/block-formats.ts';
import type { Quantisation } from '../types/quantisation.ts';
import { type ChoosingModel, chooseType, type MatrixName } from './choose-type.ts';

/**
 * The tensors of a language model as they would be, had its checkpoint been converted to `quantisation`: vectors as they are,
 * matrices in the formats that a conversion chooses. Their offsets stay those of the file that there is.
 * @param tensors checked to be those of the architecture
 */
export function quantisedTensors(
  tensors: readonly GgufTensor[],
  quantisation: Quantisation,
  config: Omit<ChoosingModel, 'isTied'>,
): GgufTensor[] {
  const model = { ...config, isTied: !tensors.some(({ name }) => name === 'output.weight') };
  return tensors.map(tensor => {
    const [columns, rows] = tensor.shape;
    if (rows === undefined) return tensor;
    const [, layer, matrix] = /^(?:blk\.(\d+)\.)?(\w+)\.weight$/.exec(tensor.name)!;
    const typeName = chooseType(quantisation, matrix as MatrixName, Number(layer ?? 0), columns!, model);
    const type = GgmlType[typeName];
    const { blockElements, blockBytes } = blockFormatOf(type);
    return { ...tensor, type, typeName, bytes: (tensor.elements / blockElements) * blockBytes };
  });
}
