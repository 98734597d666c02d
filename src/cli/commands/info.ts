import { parseGguf } from '../../engine/formats/gguf.ts';
import { getOptionalNumber, getOptionalString, getString } from '../../engine/formats/gguf-metadata.ts';
import { requireWhole } from '../../engine/formats/shard.ts';
import { onlyWord, parseArguments } from '../input/arguments.ts';
import { withModelFiles } from '../input/model-files.ts';

/** Longer lists (vocabularies) are shown by length and their first entries. */
const listLimit = 32;

export async function info(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, {});
  return withModelFiles(onlyWord(args, 'The model file'), undefined, async source => {
    const file = await parseGguf(source);
    requireWhole(file);
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
  });
}

function plain(value: unknown): unknown {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return value;
  const list = Array.from(value as ArrayLike<unknown>);
  return list.length <= listLimit ? list : { count: list.length, first: list.slice(0, listLimit) };
}
