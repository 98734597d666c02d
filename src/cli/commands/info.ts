import { parseGguf } from '../../engine/formats/gguf.ts';
import { getOptionalNumber, getOptionalString, getString } from '../../engine/formats/gguf-metadata.ts';
import { onlyWord, parseArguments } from '../arguments.ts';
import { fileSource } from '../file-source.ts';

/** Longer lists (vocabularies) are shown by length and their first entries. */
const listLimit = 32;

export async function info(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, {});
  const source = await fileSource(onlyWord(args, 'The model file'));
  try {
    const file = await parseGguf(source);
    const architecture = getString(file, 'general.architecture');
    return {
      architecture,
      name: getOptionalString(file, 'general.name') ?? null,
      parameterCount: file.tensors.reduce((sum, tensor) => sum + tensor.elements, 0),
      contextLength: getOptionalNumber(file, `${architecture}.context_length`) ?? null,
      metadata: Object.fromEntries([...file.metadata].map(([key, value]) => [key, plain(value)])),
      tensors: file.tensors.map(({ name, typeName, shape, bytes }) => ({
        name,
        type: typeName,
        shape,
        bytes,
      })),
    };
  } finally {
    await source.close();
  }
}

function plain(value: unknown): unknown {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return value;
  const list = Array.from(value as ArrayLike<unknown>);
  return list.length <= listLimit ? list : { count: list.length, first: list.slice(0, listLimit) };
}
