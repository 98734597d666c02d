import { FormatError } from '../../errors.ts';
import type { GgufFile, GgufTensor } from '../../formats/gguf.ts';
import { sentence } from '../../sentence.ts';
import { checkShape, checkType } from '../tensors/tensor-checks.ts';
import type { EncoderConfig } from './encoder-config.ts';

export const patchEmbedding = 'v.patch_embd.weight';
export const positionTable = 'v.position_embd.weight';

/** What the shapes of an encoder's tensors depend on. */
export type EncoderSize = Pick<
  EncoderConfig,
  'hidden' | 'feedForward' | 'patchSize' | 'positions' | 'layers'
>;

/** Shapes of tensors by name, in ggml order. */
export class ExpectedTensors extends Map<string, number[]> {
  linear(name: string, columns: number, rows: number): void {
    this.set(`${name}.weight`, [columns, rows]);
    this.set(`${name}.bias`, [rows]);
  }

  /** A layer norm. */
  norm(name: string, columns: number): void {
    this.set(`${name}.weight`, [columns]);
    this.set(`${name}.bias`, [columns]);
  }

  /** The embedding of patches and the blocks, but for what a kind has besides. */
  encoder({ hidden, feedForward, patchSize, positions, layers }: EncoderSize): void {
    this.set(patchEmbedding, [patchSize, patchSize, 3, hidden]);
    this.set('v.patch_embd.bias', [hidden]);
    this.set(positionTable, [hidden, positions]);
    for (let layer = 0; layer < layers; layer++) {
      const at = (name: string) => `v.blk.${layer}.${name}`;
      this.norm(at('ln1'), hidden);
      for (const name of ['attn_q', 'attn_k', 'attn_v', 'attn_out']) this.linear(at(name), hidden, hidden);
      this.norm(at('ln2'), hidden);
      this.linear(at('ffn_up'), hidden, feedForward);
      this.linear(at('ffn_down'), feedForward, hidden);
    }
  }
}

/**
 * Checks that an mmproj file holds exactly these tensors, each with its shape. Known variants are made alike: a fused `attn_qkv`
 * becomes three tensors of its rows; `ffn_up` and `ffn_down`, which old converters swapped, are told apart by shape; the patch
 * kernel becomes a matrix.
 * @param isShape other shapes that a kind allows
 * @returns the tensors by the names of section "mmproj" in docs/models.md, shapes in ggml order
 */
export function checkEncoderTensors(
  file: GgufFile,
  c: EncoderConfig,
  expected: ExpectedTensors,
  model: string,
  isShape: (tensor: GgufTensor) => boolean = () => false,
): Map<string, GgufTensor> {
  const found = new Map<string, GgufTensor>();
  for (const tensor of file.tensors) {
    for (const part of splitFused(tensor, c)) {
      if (found.has(part.name)) {
        throw new FormatError(
          tensor.offset,
          sentence`tensor-alone-and-fused: The tensor "${{ tensor: part.name }}" is there twice, alone and fused`,
        );
      }
      found.set(part.name, part);
    }
  }
  for (let layer = 0; layer < c.layers; layer++) straighten(found, layer, c);

  for (const tensor of found.values()) {
    const shape = expected.get(tensor.name);
    if (!shape) {
      throw new FormatError(
        tensor.offset,
        sentence`tensor-of-another-encoder: The tensor "${{ tensor: tensor.name }}" does not belong to an image encoder of ${{ model }}`,
        'unsupported-model',
        'This variant of the encoder is not supported. Choose another file.',
      );
    }
    if (!isShape(tensor)) checkShape(tensor, shape);
    checkType(tensor, 'Choose an mmproj file in F16, Q8_0 or F32.');
  }
  const missing = [...expected.keys()].find(name => !found.has(name));
  if (missing)
    throw new FormatError(
      file.dataOffset,
      sentence`tensor-is-missing: The tensor "${{ tensor: missing }}" is missing`,
    );

  const patches = found.get(patchEmbedding)!;
  found.set(patchEmbedding, { ...patches, shape: [3 * c.patchSize ** 2, c.hidden] });
  return found;
}

/** `attn_qkv` holds the rows of q, then of k, then of v. */
function splitFused(tensor: GgufTensor, { hidden }: EncoderConfig): GgufTensor[] {
  const match = /^(v\.blk\.\d+\.attn_)qkv(\.weight|\.bias)$/.exec(tensor.name);
  if (!match) return [tensor];
  const rows = tensor.shape.at(-1)!;
  const isWhole = rows === 3 * hidden && (tensor.shape.length === 1 || tensor.shape[0] === hidden);
  if (!isWhole || tensor.shape.length > 2) {
    throw new FormatError(
      tensor.offset,
      sentence`fused-tensor-of-wrong-shape: The tensor "${{ tensor: tensor.name }}" has the shape ${{ shape: tensor.shape.join(' x ') }}`,
    );
  }
  return ['q', 'k', 'v'].map((letter, i) => ({
    ...tensor,
    name: `${match[1]}${letter}${match[2]}`,
    shape: [...tensor.shape.slice(0, -1), hidden],
    elements: tensor.elements / 3,
    bytes: tensor.bytes / 3,
    offset: tensor.offset + (i * tensor.bytes) / 3,
  }));
}

function straighten(found: Map<string, GgufTensor>, layer: number, c: EncoderConfig): void {
  const name = (part: string) => `v.blk.${layer}.${part}`;
  const up = found.get(name('ffn_up.weight'));
  const isSwapped = up?.shape[0] === c.feedForward && up.shape[1] === c.hidden && c.feedForward !== c.hidden;
  if (!isSwapped) return;
  for (const kind of ['weight', 'bias']) {
    const [a, b] = [name(`ffn_up.${kind}`), name(`ffn_down.${kind}`)];
    const [first, second] = [found.get(a), found.get(b)];
    if (first) found.set(b, { ...first, name: b });
    if (second) found.set(a, { ...second, name: a });
  }
}
