import { FormatError } from '../errors.ts';
import { type BlockFormat, findBlockFormat, retiredFormats } from '../quant/block-formats.ts';
import { type GgufCursor, quoteName, upperFirst } from './gguf-cursor.ts';
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
    const info = await readTensorInfo(cursor, `tensor ${i + 1}`, alignment);
    const { name } = info.tensor;
    if (names.has(name))
      throw new FormatError(info.infoOffset, `The tensor ${quoteName(name)} appears twice`);
    names.add(name);
    infos.push(info);
  }
  const dataOffset = Math.ceil(cursor.position / alignment) * alignment;
  for (const { tensor } of infos) tensor.offset += dataOffset;
  checkLayout(infos, cursor.source.bytes);
  return { tensors: infos.map(info => info.tensor), dataOffset };
}

async function readTensorInfo(cursor: GgufCursor, what: string, alignment: number): Promise<TensorInfo> {
  const infoOffset = cursor.position;
  const name = await cursor.string(`the name of ${what}`, ggufLimits.tensorNameBytes);
  if (name === '') throw new FormatError(infoOffset, `${upperFirst(what)} has no name`);
  const label = `the tensor ${quoteName(name)}`;
  const Label = upperFirst(label);

  await cursor.need(4, label);
  const dimensions = cursor.u32();
  if (dimensions < 1 || dimensions > ggufLimits.dimensions) {
    throw new FormatError(cursor.position - 4, `${Label} has ${dimensions} dimensions; 1 to 4 are possible`);
  }
  await cursor.need(dimensions * 8 + 12, label);
  const shapeOffset = cursor.position;
  const shape: number[] = [];
  let elements = 1;
  for (let i = 0; i < dimensions; i++) {
    const size = cursor.u64(`Dimension ${i + 1} of ${label}`);
    if (size === 0) throw new FormatError(cursor.position - 8, `Dimension ${i + 1} of ${label} is 0`);
    // By division: the product itself could lose precision before it is compared.
    if (size > Number.MAX_SAFE_INTEGER / elements) {
      throw new FormatError(cursor.position - 8, `${Label} is impossibly large`);
    }
    elements *= size;
    shape.push(size);
  }
  const format = readFormat(cursor, Label);
  if (shape[0]! % format.blockElements !== 0) {
    throw new FormatError(
      shapeOffset,
      `The rows of ${label} hold ${shape[0]} weights, not a multiple of the ${format.blockElements} of ${format.name}`,
    );
  }
  const blocks = elements / format.blockElements;
  if (blocks > Number.MAX_SAFE_INTEGER / format.blockBytes) {
    throw new FormatError(shapeOffset, `${Label} is impossibly large`);
  }
  const offset = cursor.u64(`The data offset of ${label}`);
  if (offset % alignment !== 0) {
    throw new FormatError(
      cursor.position - 8,
      `The data of ${label} starts at ${offset}, which is not a multiple of ${alignment}`,
    );
  }
  const bytes = blocks * format.blockBytes;
  return {
    tensor: { name, type: format.type, typeName: format.name, shape, elements, bytes, offset },
    infoOffset,
  };
}

function readFormat(cursor: GgufCursor, label: string): BlockFormat {
  const type = cursor.u32();
  const format = findBlockFormat(type);
  if (format !== undefined) return format;
  const retired = retiredFormats.get(type);
  throw new FormatError(
    cursor.position - 4,
    retired === undefined
      ? `${label} is stored in format number ${type}, which Bedside does not know`
      : `${label} is stored as ${retired}, a withdrawn format that Bedside does not read`,
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
        `The data of the tensors ${quoteName(before.name)} and ${quoteName(tensor.name)} overlap`,
      );
    }
  }
  const last = inFileOrder.at(-1)?.tensor;
  if (last === undefined) return;
  const end = last.offset + last.bytes;
  if (end > fileBytes) {
    throw new FormatError(
      fileBytes,
      `The file ends after ${fileBytes} bytes, but its tensors need ${end}`,
      'truncated-model',
      'The download or copy probably stopped early. Get the file again and check its size.',
    );
  }
}
