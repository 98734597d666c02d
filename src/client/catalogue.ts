/** The list of models that this copy of Bedside knows: public/models/catalogue.json, checked by hand. */
import { BedsideError } from '../engine/errors.ts';
import type { TemplateId } from '../engine/types.ts';
import type { ModelSource } from '../worker/protocol.ts';

/** A file that comes with the site or is fetched from it: a source that `loadModel` takes as it is. */
export type CatalogueFile = Extract<ModelSource, { kind: 'url' }> & {
  /** SHA-256 (hex) of the whole file, for a reader who wants to compare. */
  sha256: string;
};

export interface CatalogueEntry {
  id: string;
  name: string;
  summary: string;
  kind: 'demonstration' | 'bring-your-own';
  license: string;
  template: TemplateId;
  includeHistory: boolean;
  contextTokens: number;
  suggestedQuestions: string[];
  /** Absolute URL of the model card (JSON). */
  card?: string;
  /** Of a model that comes with the site. */
  file?: CatalogueFile;
  /** Of a model that the reader brings. */
  expects?: { architecture: string; bytesApprox: number; requirements: string };
}

export type Catalogue = CatalogueEntry[];

/** Rejects with 'network' where the list cannot be fetched and with 'internal' where it is not as it should be. */
export async function loadCatalogue(
  baseUrl: string = document.baseURI,
  fetchFile: (url: string) => Promise<Response> = url => fetch(url),
): Promise<Catalogue> {
  const url = new URL('./models/catalogue.json', baseUrl).href;
  let response: Response;
  try {
    response = await fetchFile(url);
  } catch (thrown) {
    throw unreachable(thrown);
  }
  if (!response.ok) throw unreachable(`HTTP ${response.status} for ${url}`);
  try {
    return readCatalogue(await response.json(), baseUrl);
  } catch (thrown) {
    throw new BedsideError(
      'internal',
      'The list of models that belongs to this copy of Bedside is damaged.',
      'Reload the page. If it happens again, tell whoever runs this site.',
      thrown,
    );
  }
}

function unreachable(cause: unknown): BedsideError {
  return new BedsideError(
    'network',
    'The list of models could not be fetched.',
    'Check the connection and reload the page. After the first visit it is kept for use offline.',
    cause,
  );
}

/** Throws a TypeError that names the first field that is wrong. Relative URLs are resolved against the page. */
export function readCatalogue(data: unknown, baseUrl: string): Catalogue {
  const root = new Fields(data, 'catalogue');
  if (root.number('v') !== 1) throw new TypeError('catalogue.v must be 1');
  const entries = root
    .array('models')
    .map((item, index) => readEntry(new Fields(item, `models[${index}]`), baseUrl));
  const ids = new Set(entries.map(({ id }) => id));
  if (ids.size !== entries.length) throw new TypeError('models must have different ids');
  return entries;
}

function readEntry(fields: Fields, baseUrl: string): CatalogueEntry {
  const id = fields.string('id');
  const entry: CatalogueEntry = {
    id,
    name: fields.string('name'),
    summary: fields.string('summary'),
    kind: fields.oneOf('kind', ['demonstration', 'bring-your-own']),
    license: fields.string('license'),
    template: fields.oneOf('template', ['pmc-llama', 'internlm2-chat', 'raw']),
    includeHistory: fields.boolean('includeHistory'),
    contextTokens: fields.positive('contextTokens'),
    suggestedQuestions: fields.strings('suggestedQuestions'),
  };
  if (fields.has('card')) entry.card = fields.url('card', baseUrl);
  if (fields.has('file')) entry.file = readFile(fields.object('file'), id, baseUrl);
  if (fields.has('expects')) {
    const expects = fields.object('expects');
    entry.expects = {
      architecture: expects.string('architecture'),
      bytesApprox: expects.positive('bytesApprox'),
      requirements: expects.string('requirements'),
    };
  }
  if (entry.kind === 'demonstration' && !entry.file) fields.fail('file', 'must be there for a demonstration');
  if (entry.kind === 'bring-your-own' && !entry.expects)
    fields.fail('expects', 'must be there without a file');
  return entry;
}

function readFile(fields: Fields, id: string, baseUrl: string): CatalogueFile {
  const bytes = fields.positive('bytes');
  const chunkBytes = fields.positive('chunkBytes');
  const chunkSha256 = fields.strings('chunkSha256');
  if (chunkSha256.length !== Math.ceil(bytes / chunkBytes)) {
    fields.fail('chunkSha256', `must have ${Math.ceil(bytes / chunkBytes)} hashes`);
  }
  const sha256 = fields.string('sha256');
  for (const hash of [sha256, ...chunkSha256]) {
    if (!/^[0-9a-f]{64}$/.test(hash)) fields.fail('sha256', 'and the chunk hashes must be 64 hex digits');
  }
  return { kind: 'url', id, url: fields.url('path', baseUrl), bytes, chunkBytes, chunkSha256, sha256 };
}

/** Reads typed fields of a JSON object and says where it failed. */
class Fields {
  readonly #values: Record<string, unknown>;
  readonly #where: string;

  constructor(data: unknown, where: string) {
    if (typeof data !== 'object' || data === null || Array.isArray(data)) {
      throw new TypeError(`${where} must be an object`);
    }
    this.#values = data as Record<string, unknown>;
    this.#where = where;
  }

  fail(name: string, what: string): never {
    throw new TypeError(`${this.#where}.${name} ${what}`);
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  string(name: string): string {
    const value = this.#values[name];
    return typeof value === 'string' && value !== '' ? value : this.fail(name, 'must be a text');
  }

  boolean(name: string): boolean {
    const value = this.#values[name];
    return typeof value === 'boolean' ? value : this.fail(name, 'must be true or false');
  }

  number(name: string): number {
    const value = this.#values[name];
    return typeof value === 'number' ? value : this.fail(name, 'must be a number');
  }

  positive(name: string): number {
    const value = this.number(name);
    return Number.isSafeInteger(value) && value > 0
      ? value
      : this.fail(name, 'must be a positive whole number');
  }

  array(name: string): unknown[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value : this.fail(name, 'must be a list');
  }

  strings(name: string): string[] {
    const values = this.array(name);
    return values.every(value => typeof value === 'string')
      ? values
      : this.fail(name, 'must be a list of texts');
  }

  object(name: string): Fields {
    return new Fields(this.#values[name], `${this.#where}.${name}`);
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const value = this.#values[name];
    const found = allowed.find(option => option === value);
    return found ?? this.fail(name, `must be one of ${allowed.join(', ')}`);
  }

  url(name: string, baseUrl: string): string {
    const value = this.string(name);
    // Relative to the page, so that a copy of the site works from any folder and asks no other host.
    return value.startsWith('./') ? new URL(value, baseUrl).href : this.fail(name, 'must start with ./');
  }
}
