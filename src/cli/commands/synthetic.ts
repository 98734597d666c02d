import { sentence } from '../../engine/sentence.ts';
import { readTypes } from '../bench/open-model.ts';
import { badArgument, onlyWord, parseArguments } from '../input/arguments.ts';
import { writeNewFile } from '../output/new-file.ts';
import { syntheticModel } from '../synthetic/synthetic-model.ts';

const pieceBytes = 8 * 1024 * 1024;

/**
 * `synthetic NAME --out F.gguf`: a model of noise as a file, for programs that read no other; a file of that name is replaced.
 * Not for answers.
 */
export async function synthetic(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, { out: 'value', layers: 'value', type: 'value', quant: 'value' });
  const out = args.text('out');
  if (!out) throw badArgument(sentence`out-is-missing: --out is missing: the GGUF file to write.`);
  const layers = args.integer('layers');
  const source = syntheticModel(onlyWord(args, 'The name of the model'), {
    ...readTypes(args),
    ...(layers ? { layers } : {}),
  });
  async function* pieces() {
    for (let offset = 0; offset < source.bytes; offset += pieceBytes) {
      yield await source.read(offset, Math.min(pieceBytes, source.bytes - offset));
    }
  }
  const file = await writeNewFile(out, pieces());
  await file.commit();
  return { out, bytes: file.bytes, sha256: file.sha256 };
}
