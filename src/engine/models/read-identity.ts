import type { GgufFile } from '../formats/gguf.ts';
import { readShardName } from '../formats/shard-name.ts';
import { printableText } from '../printable-text.ts';
import { templateOf, templatesWithImages } from '../templates/templates.ts';
import type { ModelIdentity, ModelShape, VocabularyIdentity } from '../types/model-identity.ts';
import { typesBySize } from './tensors/tensor-checks.ts';

/** In characters. */
const limits = { name: 96, text: 160, label: 32, address: 512 } as const;
const mostLanguages = 16;
const mostBases = 8;

type Metadata = GgufFile['metadata'];

/**
 * What a GGUF file says that it is. Nothing that stands in it is believed to be well-meant: texts are made printable and short,
 * and what is of another type than it should be is as if it were not there. Whether the model runs is not asked here.
 * @param fileName what the file is called, or the first of its parts: the name of a model whose file gives none
 */
export async function readIdentity(file: GgufFile, fileName?: string): Promise<ModelIdentity> {
  const { metadata } = file;
  const says = (key: string, most: number = limits.text) =>
    printableText(metadata.get(`general.${key}`), most);
  const architecture = says('architecture', limits.label) ?? 'unknown';
  const namespace = architecture === 'clip' ? 'clip.vision' : architecture;
  const licenceAddress = addressOf(metadata, 'license.link');
  const address = addressOf(metadata, 'url', 'source.url', 'repo_url', 'source.repo_url');
  return {
    ...nameOf(says('name', limits.name), fileName),
    architecture,
    parameterCount: file.tensors.reduce((sum, { elements }) => sum + elements, 0),
    quantisation: typesBySize(file.tensors)[0] ?? 'none',
    fileBytes: file.bytes,
    contextTokens: countOf(metadata, `${namespace}.context_length`),
    shape: shapeOf(metadata, namespace),
    vocabulary: await readVocabularyIdentity(metadata),
    ...(hasImagePlaces(metadata) ? { hasImagePlaces: true } : {}),
    ...given('publisher', says('organization') ?? says('author')),
    ...given('bases', basesOf(metadata)),
    ...given('finetune', says('finetune', limits.name)),
    ...given('sizeLabel', says('size_label', limits.label)),
    ...given('licence', says('license.name') ?? says('license')),
    ...given('licenceAddress', licenceAddress),
    ...given('languages', textsOf(metadata.get('general.languages'), mostLanguages, limits.label)),
    ...given('address', address),
  };
}

function nameOf(
  said: string | undefined,
  fileName: string | undefined,
): Pick<ModelIdentity, 'name' | 'namedBy'> {
  if (said !== undefined) return { name: said, namedBy: 'file' };
  const own = fileName?.replace(/^.*[/\\]/, '') ?? '';
  const called = printableText(readShardName(own)?.stem ?? own.replace(/\.gguf$/i, ''), limits.name);
  return called === undefined
    ? { name: 'Unnamed model', namedBy: 'nobody' }
    : { name: called, namedBy: 'file name' };
}

function shapeOf(metadata: Metadata, namespace: string): ModelShape {
  const count = (name: string) => countOf(metadata, `${namespace}.${name}`);
  return {
    layers: count('block_count'),
    embedding: count('embedding_length'),
    feedForward: count('feed_forward_length'),
    heads: count('attention.head_count'),
    kvHeads: count('attention.head_count_kv'),
  };
}

/** By the templates of models that see images: all pieces of one. */
function hasImagePlaces(metadata: Metadata): boolean {
  const pieces = metadata.get('tokenizer.ggml.tokens');
  if (!Array.isArray(pieces)) return false;
  const found = new Set<unknown>(pieces);
  return templatesWithImages.some(id => {
    const { start, token, end } = templateOf(id).images!;
    return [start, token, end].every(piece => found.has(piece));
  });
}

/** Of a tokenizer of any kind, whether Bedside has it or not; null without pieces. */
async function readVocabularyIdentity(metadata: Metadata): Promise<VocabularyIdentity | null> {
  const pieces = metadata.get('tokenizer.ggml.tokens');
  const model = printableText(metadata.get('tokenizer.ggml.model'), limits.label);
  if (model === undefined || !Array.isArray(pieces) || typeof pieces[0] !== 'string') return null;
  const text = new TextEncoder().encode(`${pieces.join('\n')}\n`);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  const sha256 = Array.from(hash, byte => byte.toString(16).padStart(2, '0')).join('');
  const lastPiece = printableText(pieces.at(-1), limits.label) ?? '';
  return { model, pieces: pieces.length, lastPiece, sha256 };
}

function basesOf(metadata: Metadata): string[] | undefined {
  const bases: string[] = [];
  for (let index = 0; index < mostBases; index++) {
    const base = printableText(metadata.get(`general.base_model.${index}.name`), limits.name);
    if (base !== undefined) bases.push(base);
  }
  return bases.length > 0 ? bases : undefined;
}

function textsOf(value: unknown, mostTexts: number, most: number): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts = value.slice(0, mostTexts).map(each => printableText(each, most));
  const printed = texts.filter(text => text !== undefined);
  return printed.length > 0 ? printed : undefined;
}

/** The first of these that a reader can follow without a script or a file being opened by it. */
function addressOf(metadata: Metadata, ...keys: string[]): string | undefined {
  for (const key of keys) {
    const value = metadata.get(`general.${key}`);
    if (typeof value !== 'string' || value.length > limits.address || !URL.canParse(value)) continue;
    const { protocol, href, username, password } = new URL(value);
    if (['https:', 'http:'].includes(protocol) && !username && !password) return href;
  }
  return undefined;
}

/** Some architectures have lists, a number a layer: of those nothing is said. */
function countOf(metadata: Metadata, key: string): number | null {
  const value = metadata.get(key);
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;
}

function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Partial<Record<Name, Value>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>);
}
