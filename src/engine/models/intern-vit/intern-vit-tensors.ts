import { FormatError } from '../../errors.ts';
import type { GgufFile, GgufTensor } from '../../formats/gguf.ts';
import { sentence } from '../../sentence.ts';
import { checkShape, checkType } from '../tensors/tensor-checks.ts';
import type { VisionConfig } from './vision-config.ts';

export const classEmbedding = 'v.class_embd';
export const patchEmbedding = 'v.patch_embd.weight';
export const positionTable = 'v.position_embd.weight';

/**
 * Checks that an mmproj file holds exactly an InternViT's tensors with InternVL's projector, each with its shape.
 * Known variants are made alike: a fused `attn_qkv` becomes three tensors of its rows; `ffn_up` and `ffn_down`, which old
 * converters swapped, are told apart by shape; the patch kernel becomes a matrix.
 * @returns the tensors by the names of section "mmproj" in docs/models.md, shapes in ggml order
 */
export function checkVisionTensors(file: GgufFile, c: VisionConfig): Map<string, GgufTensor> {
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

  const expected = expectedShapes(c);
  for (const tensor of found.values()) {
    const shape = expected.get(tensor.name);
    if (!shape) {
      throw new FormatError(
        tensor.offset,
        sentence`tensor-of-another-encoder: The tensor "${{ tensor: tensor.name }}" does not belong to an InternVL image encoder`,
        'unsupported-model',
        'This variant of the encoder is not supported. Choose another file.',
      );
    }
    // The position table may be of another tile size: it is interpolated.
    const isTable =
      tensor.name === positionTable && tensor.shape[0] === c.hidden && tensor.shape.length === 2;
    if (!isTable) checkShape(tensor, shape);
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

function expectedShapes(c: VisionConfig): Map<string, number[]> {
  const { hidden, feedForward, projected } = c;
  const shapes = new Map<string, number[]>([
    [classEmbedding, [hidden]],
    [patchEmbedding, [c.patchSize, c.patchSize, 3, hidden]],
    ['v.patch_embd.bias', [hidden]],
    [positionTable, [hidden, c.positions]],
  ]);
  const linear = (name: string, columns: number, rows: number) => {
    shapes.set(`${name}.weight`, [columns, rows]);
    shapes.set(`${name}.bias`, [rows]);
  };
  const norm = (name: string, columns: number) => {
    shapes.set(`${name}.weight`, [columns]);
    shapes.set(`${name}.bias`, [columns]);
  };
  for (let layer = 0; layer < c.layers; layer++) {
    const at = (name: string) => `v.blk.${layer}.${name}`;
    norm(at('ln1'), hidden);
    for (const name of ['attn_q', 'attn_k', 'attn_v', 'attn_out']) linear(at(name), hidden, hidden);
    shapes.set(at('ls1.weight'), [hidden]);
    norm(at('ln2'), hidden);
    linear(at('ffn_up'), hidden, feedForward);
    linear(at('ffn_down'), feedForward, hidden);
    shapes.set(at('ls2.weight'), [hidden]);
  }
  norm('mm.model.mlp.0', 4 * hidden);
  linear('mm.model.mlp.1', 4 * hidden, projected);
  linear('mm.model.mlp.3', projected, projected);
  return shapes;
}

/** `attn_qkv` holds the rows of q, then of k, then of v. */
function splitFused(tensor: GgufTensor, { hidden }: VisionConfig): GgufTensor[] {
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

function straighten(found: Map<string, GgufTensor>, layer: number, c: VisionConfig): void {
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
