/**
 * Which matrix is stored in which block format. F16, Q8_0 and Q4_0 are one format for all; the K kinds are llama.cpp's mixtures
 * (src/llama-quant.cpp, without an importance matrix): more bits for what costs most when it is off.
 */
import type { LayerMatrixName } from '../families/family.ts';
import { blockFormatOf, GgmlType } from '../quant/block-formats.ts';
import type { Quantisation } from '../types/quantisation.ts';

/** The block formats that a conversion writes. */
export type WrittenType =
  | 'F32'
  | 'F16'
  | 'BF16'
  | 'Q8_0'
  | 'Q6_K'
  | 'Q5_K'
  | 'Q5_1'
  | 'Q5_0'
  | 'Q4_K'
  | 'Q4_0'
  | 'Q3_K'
  | 'Q2_K';

/** What the choice depends on. */
export interface ChoosingModel {
  layers: number;
  heads: number;
  kvHeads: number;
  /** The output matrix is the embedding itself. */
  isTied: boolean;
}

/** A matrix of the language model as GGUF calls it; those of a layer without "blk.N". */
export type MatrixName = 'token_embd' | 'output' | LayerMatrixName;

/** What a checkpoint may be converted to: a quantisation, every matrix as exact as it is, or as it is stored. */
export type ConvertedType = Quantisation | 'F32' | 'BF16' | 'keep';

/**
 * @param layer 0 for matrices of no layer
 * @param columns of a row, which must be whole blocks
 * @param stored the type of the checkpoint's tensor
 */
export function chooseType(
  quantisation: ConvertedType,
  matrix: MatrixName,
  layer: number,
  columns: number,
  model: ChoosingModel,
  stored = 'F32',
): WrittenType {
  if (quantisation === 'keep') return stored as 'F32' | 'F16' | 'BF16';
  if (quantisation === 'F32' || quantisation === 'BF16') return quantisation;
  const wanted = wantedType(quantisation, matrix, layer, columns, model);
  if (fits(columns, wanted)) return wanted;
  const inSmallBlocks = ofBlocksOf32[wanted] ?? wanted;
  return fits(columns, inSmallBlocks) ? inSmallBlocks : 'F16';
}

const fits = (columns: number, type: WrittenType) =>
  columns % blockFormatOf(GgmlType[type]).blockElements === 0;

/** In place of a format with blocks of 256. */
const ofBlocksOf32: Partial<Record<WrittenType, WrittenType>> = {
  Q6_K: 'Q8_0',
  Q5_K: 'Q5_1',
  Q4_K: 'Q5_0',
  Q3_K: 'Q4_0',
  Q2_K: 'Q4_0',
};

function wantedType(
  quantisation: Quantisation,
  matrix: MatrixName,
  layer: number,
  columns: number,
  model: ChoosingModel,
): WrittenType {
  if (quantisation === 'F16' || quantisation === 'Q8_0' || quantisation === 'Q4_0') return quantisation;
  const usual = usualTypes[quantisation];
  if (matrix === 'output' || (matrix === 'token_embd' && model.isTied))
    return fits(columns, usual) ? 'Q6_K' : 'Q8_0';
  const { layers, heads, kvHeads } = model;
  // Which of the layers' matrices differ, of each kind.
  const isMoreSensitive = getsMoreBits(layer, layers);
  const matrices: Record<typeof quantisation, Partial<Record<MatrixName, WrittenType>>> = {
    Q6_K: {},
    Q5_K_M: isMoreSensitive ? { attn_v: 'Q6_K', ffn_down: 'Q6_K' } : {},
    Q4_K_M: isMoreSensitive ? { attn_v: 'Q6_K', ffn_down: 'Q6_K' } : {},
    Q3_K_M: {
      attn_v: layer < 2 ? 'Q5_K' : 'Q4_K',
      attn_output: 'Q4_K',
      ffn_down: layer < Math.floor(layers / 16) ? 'Q5_K' : 'Q4_K',
    },
    Q2_K: {
      attn_v: heads / kvHeads >= 4 ? 'Q4_K' : 'Q3_K',
      attn_output: 'Q3_K',
      ffn_down: 'Q3_K',
    },
  };
  const type = matrices[quantisation][matrix] ?? usual;
  // Of eighty layers whose heads share keys and values: LLaMA's 70B, whose values are small beside the rest.
  const isOf70B = matrix === 'attn_v' && layers === 80 && heads !== kvHeads;
  return isOf70B && (type === 'Q3_K' || type === 'Q4_K') ? 'Q5_K' : type;
}

const usualTypes: Record<Exclude<Quantisation, 'F16' | 'Q8_0' | 'Q4_0'>, WrittenType> = {
  Q6_K: 'Q6_K',
  Q5_K_M: 'Q5_K',
  Q4_K_M: 'Q4_K',
  Q3_K_M: 'Q3_K',
  Q2_K: 'Q2_K',
};

/** The first eighth of the layers, the last, and every third between. */
function getsMoreBits(layer: number, layers: number): boolean {
  const eighth = Math.floor(layers / 8);
  return layer < eighth || layer >= Math.floor((7 * layers) / 8) || (layer - eighth) % 3 === 2;
}
