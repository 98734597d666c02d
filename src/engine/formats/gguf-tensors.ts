import { FormatError } from '../errors.ts';
import { type BlockFormat, findBlockFormat, retiredFormats } from '../quant/block-formats.ts';
import { sentence, type Written } from '../sentence.ts';
import { type GgufCursor, quoted } from './gguf-cursor.ts';
import { type GgufTensor, ggufLimits } from './gguf-types.ts';

/** A tensor as described in the header: its data offset counts from the start of the data section. */
interface TensorInfo {
  tensor: GgufTensor;
  /** Where the description stands in the file. */
  infoOffset: number;
}

/** The tensor section: `count` descriptions, then the data they describe, checked to lie inside the file. */
export async function readTensors(
  cursor: GgufCursor,
  count: number,
  alignment: number,
): Promise<{ tensors: GgufTensor[]; dataOffset: number }> {
  const infos: TensorInfo[] = [];
  const names = new Set<string>();
  for (let i = 0; i < count; i++) {
    const info = await readTensorInfo(cursor, i + 1, alignment);
    const { name } = info.tensor;
    if (names.has(name))
      throw new FormatError(
        info.infoOffset,
        sentence`tensor-appears-twice: The tensor ${{ tensor: quoted(name) }} appears twice`,
      );
    names.add(name);
    infos.push(info);
  }
  const dataOffset = Math.ceil(cursor.position / alignment) * alignment;
  for (const { tensor } of infos) tensor.offset += dataOffset;
  checkLayout(infos, cursor.source.bytes);
  return { tensors: infos.map(info => info.tensor), dataOffset };
}

async function readTensorInfo(cursor: GgufCursor, number: number, alignment: number): Promise<TensorInfo> {
  const infoOffset = cursor.position;
  const name = await cursor.string(
    sentence`name-of-tensor: the name of tensor ${{ number }}`,
    ggufLimits.tensorNameBytes,
  );
  if (name === '')
    throw new FormatError(infoOffset, sentence`tensor-without-name: Tensor ${{ number }} has no name`);
  const tensor = quoted(name);
  const what = sentence`the-tensor: the tensor ${{ tensor }}`;

  await cursor.need(4, what);
  const dimensions = cursor.u32();
  if (dimensions < 1 || dimensions > ggufLimits.dimensions) {
    throw new FormatError(
      cursor.position - 4,
      sentence`wrong-number-of-dimensions: The tensor ${{ tensor }} has ${{ dimensions }} dimensions; 1 to 4 are possible`,
    );
  }
  await cursor.need(dimensions * 8 + 12, what);
  const shapeOffset = cursor.position;
  const shape: number[] = [];
  let elements = 1;
  for (let i = 0; i < dimensions; i++) {
    const size = cursor.u64(sentence`dimension-of: dimension ${{ dimension: i + 1 }} of ${{ of: what }}`);
    if (size === 0)
      throw new FormatError(
        cursor.position - 8,
        sentence`dimension-is-zero: Dimension ${{ dimension: i + 1 }} of the tensor ${{ tensor }} is 0`,
      );
    // By division: the product itself could lose precision before it is compared.
    if (size > Number.MAX_SAFE_INTEGER / elements) {
      throw new FormatError(
        cursor.position - 8,
        sentence`tensor-too-large: The tensor ${{ tensor }} is impossibly large`,
      );
    }
    elements *= size;
    shape.push(size);
  }
  const format = readFormat(cursor, tensor);
  if (shape[0]! % format.blockElements !== 0) {
    throw new FormatError(
      shapeOffset,
      sentence`rows-are-no-multiple-of-blocks: The rows of the tensor ${{ tensor }} hold ${{ weights: shape[0]! }} weights, not a multiple of the ${{ blockWeights: format.blockElements }} of ${{ format: format.name }}`,
    );
  }
  const blocks = elements / format.blockElements;
  if (blocks > Number.MAX_SAFE_INTEGER / format.blockBytes) {
    throw new FormatError(
      shapeOffset,
      sentence`tensor-too-large: The tensor ${{ tensor }} is impossibly large`,
    );
  }
  const offset = cursor.u64(sentence`data-offset-of: the data offset of ${{ of: what }}`);
  if (offset % alignment !== 0) {
    throw new FormatError(
      cursor.position - 8,
      sentence`data-is-not-aligned: The data of the tensor ${{ tensor }} starts at ${{ offsetBytes: offset }}, which is not a multiple of ${{ alignmentBytes: alignment }}`,
    );
  }
  const bytes = blocks * format.blockBytes;
  return {
    tensor: { name, type: format.type, typeName: format.name, shape, elements, bytes, offset },
    infoOffset,
  };
}

function readFormat(cursor: GgufCursor, tensor: Written): BlockFormat {
  const type = cursor.u32();
  const format = findBlockFormat(type);
  if (format !== undefined) return format;
  const retired = retiredFormats.get(type);
  throw new FormatError(
    cursor.position - 4,
    retired === undefined
      ? sentence`unknown-format-number: the tensor ${{ tensor }} is stored in format number ${{ format: String(type) }}, which Bedside does not know`
      : sentence`withdrawn-format: the tensor ${{ tensor }} is stored as ${{ format: retired }}, a withdrawn format that Bedside does not read`,
    'unsupported-type',
    'Use a copy of the model in Q4_K_M, Q8_0 or F16.',
  );
}

// Offsets are now absolute. Sums of two safe integers compare correctly even where they are no longer exact.
function checkLayout(infos: TensorInfo[], fileBytes: number): void {
  const inFileOrder = [...infos].sort((a, b) => a.tensor.offset - b.tensor.offset);
  for (let i = 1; i < inFileOrder.length; i++) {
    const before = inFileOrder[i - 1]!.tensor;
    const { tensor, infoOffset } = inFileOrder[i]!;
    if (before.offset + before.bytes > tensor.offset) {
      throw new FormatError(
        infoOffset,
        sentence`tensors-overlap: The data of the tensors ${{ first: quoted(before.name) }} and ${{ second: quoted(tensor.name) }} overlap`,
      );
    }
  }
  const last = inFileOrder.at(-1)?.tensor;
  if (last === undefined) return;
  const end = last.offset + last.bytes;
  if (end > fileBytes) {
    throw new FormatError(
      fileBytes,
      sentence`tensors-beyond-end: The file ends after ${{ fileBytes }} bytes, but its tensors need ${{ neededBytes: end }}`,
      'truncated-model',
      'The download or copy probably stopped early. Get the file again and check its size.',
    );
  }
}
