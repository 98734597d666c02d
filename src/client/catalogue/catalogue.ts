/** The list of models that this copy of Bedside knows: public/models/catalogue.json, checked by hand. */
import { BedsideError } from '../../engine/errors.ts';
import { isInRange } from '../../engine/sampling/validate-sampling.ts';
import { sentence } from '../../engine/sentence.ts';
import { type TemplateChoice, templateIds } from '../../engine/templates/template-ids.ts';
import type { ModelIdentity } from '../../engine/types/model-identity.ts';
import { greedySampling, type SamplingSettings } from '../../engine/types/sampling.ts';
import type { ModelKind } from '../../storage/conversation-records.ts';
import type { SplitSource, UrlSource } from '../../worker/engine/model-source.ts';
import { type EntryStates, readStates } from './entry-states.ts';
import { Fields } from './json-fields.ts';
import { type TermsId, termsIds } from './terms.ts';

/** A file that comes with the site or is fetched from it: a source that `loadModel` takes as it is. */
export interface CatalogueFile extends UrlSource {
  bytes: number;
  /** SHA-256 (hex) of the whole file, for a reader who wants to compare. */
  sha256: string;
  chunkBytes: number;
  chunkSha256: string[];
}

/** A file on a server or in the store, or the parts that it was split into. */
export type StoredSource = UrlSource | SplitSource<UrlSource>;

/** Where the weights of a model are published. */
export interface Publisher {
  /** Absolute URL of what its publisher says about it. */
  page: string;
  /** The folder with its checkpoint, which can be converted while it is fetched. */
  checkpoint?: {
    /** Absolute, ends with '/'. */
    url: string;
    /** Of the weights in it. */
    bytesApprox: number;
  };
  /** A GGUF file that can be had as it is: fetched, and complete only with this hash. */
  file?: PublishedFile;
}

export interface PublishedFile {
  /** Absolute, of a fixed revision, so that it stays the file that the hash is of. */
  url: string;
  bytes: number;
  /** SHA-256 (hex) of the whole file. */
  sha256: string;
}

/** A synthetic picture that comes with the site, to try a model with. */
export interface SampleImage {
  /** Absolute URL. */
  url: string;
  name: string;
  description: string;
  /** What to ask about it. */
  question: string;
}

export interface CatalogueEntry {
  id: string;
  name: string;
  summary: string;
  /**
   * `installed`: added to the library by the reader; its files are in the store. `own`: files that the reader opened. Neither
   * is in the list that comes with the site.
   */
  kind: ModelKind;
  license: string;
  /** How it is asked; null of a reader's file as long as nobody has said. */
  template: TemplateChoice | null;
  includeHistory: boolean;
  contextTokens: number;
  /** The message that the model was trained to begin with. */
  system?: string;
  /** How words are chosen unless the reader chooses; what is absent is as for greedy sampling. */
  sampling?: Partial<SamplingSettings>;
  /** Terms of use that have to be accepted before it is fetched or opened. */
  terms?: TermsId;
  /** Of a model that sees images they are about an image. */
  suggestedQuestions: string[];
  /** Absolute URL of the model card (JSON). */
  card?: string;
  /** Of a model that comes with the site or is installed. */
  file?: StoredSource;
  /** Of a model that sees images; `file` is its image half where that comes with the site or is installed. */
  vision?: { file?: StoredSource };
  /** Of a model that the reader brings. */
  publisher?: Publisher;
  sampleImages?: SampleImage[];
  /** What a file of it is made of and which files are known, to tell it from others. */
  states?: EntryStates;
  /** Of the reader's files: what they say themselves. */
  identity?: ModelIdentity;
  /** The same of their image half. */
  visionIdentity?: ModelIdentity;
  /** Of the reader's files: made as these are ("A or B"), and another all the same for what is known; `id` is the first's. */
  looksLike?: { id: string; name: string };
  /** Of a model that the reader brings; with `vision` in two files, text and images. */
  expects?: {
    architecture: string;
    bytesApprox: number;
    requirements: string;
    vision?: { bytesApprox: number };
  };
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
      sentence`list-of-models-is-damaged: The list of models that belongs to this copy of Bedside is damaged.`,
      'Reload the page. If it happens again, tell whoever runs this site.',
      thrown,
    );
  }
}

function unreachable(cause: unknown): BedsideError {
  return new BedsideError(
    'network',
    sentence`list-of-models-not-fetched: The list of models could not be fetched.`,
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
    template: fields.oneOf<TemplateChoice>('template', [...templateIds, 'file']),
    includeHistory: fields.boolean('includeHistory'),
    contextTokens: fields.positive('contextTokens'),
    suggestedQuestions: fields.strings('suggestedQuestions'),
  };
  if (fields.has('terms')) entry.terms = fields.oneOf('terms', termsIds);
  if (fields.has('system')) entry.system = fields.string('system');
  if (fields.has('sampling')) entry.sampling = readSampling(fields.object('sampling'));
  if (fields.has('card')) entry.card = fields.url('card', baseUrl);
  if (fields.has('file')) entry.file = readFile(fields.object('file'), id, baseUrl);
  if (fields.has('vision')) entry.vision = readVision(fields.object('vision'), id, baseUrl);
  if (fields.has('sampleImages')) entry.sampleImages = readSamples(fields, baseUrl);
  if (fields.has('publisher')) entry.publisher = readPublisher(fields.object('publisher'));
  if (fields.has('states')) entry.states = readStates(fields.object('states'));
  if (fields.has('expects')) entry.expects = readExpectations(fields.object('expects'));
  checkKind(entry, fields);
  return entry;
}

function readSampling(fields: Fields): Partial<SamplingSettings> {
  const sampling: Partial<SamplingSettings> = {};
  for (const name of Object.keys(greedySampling) as (keyof SamplingSettings)[]) {
    if (!fields.has(name)) continue;
    const value = fields.number(name);
    if (!isInRange(name, value)) fields.fail(name, 'is out of range');
    sampling[name] = value;
  }
  return sampling;
}

/** A demonstration brings every file; what the reader brings is described instead. */
function checkKind({ kind, file, vision, expects }: CatalogueEntry, fields: Fields): void {
  if (kind === 'demonstration') {
    if (!file) fields.fail('file', 'must be there for a demonstration');
    if (vision && !vision.file) fields.fail('vision', 'must have a file for a demonstration');
  } else {
    if (!expects) fields.fail('expects', 'must be there without a file');
    if (Boolean(vision) !== Boolean(expects.vision)) {
      fields.fail('vision', 'and expects.vision must be there together');
    }
  }
}

function readVision(fields: Fields, id: string, baseUrl: string): { file?: CatalogueFile } {
  // A key of its own in the weight store.
  return fields.has('file') ? { file: readFile(fields.object('file'), `${id}-vision`, baseUrl) } : {};
}

function readSamples(fields: Fields, baseUrl: string): SampleImage[] {
  return fields.objects('sampleImages').map(sample => ({
    url: sample.url('path', baseUrl),
    name: sample.string('name'),
    description: sample.string('description'),
    question: sample.string('question'),
  }));
}

function readPublisher(fields: Fields): Publisher {
  const publisher: Publisher = { page: fields.string('page') };
  if (fields.has('checkpoint')) {
    const folder = fields.object('checkpoint');
    publisher.checkpoint = { url: folder.string('url'), bytesApprox: folder.positive('bytesApprox') };
  }
  if (fields.has('file')) publisher.file = readPublishedFile(fields.object('file'));
  for (const url of [publisher.page, publisher.checkpoint?.url ?? 'https://none/']) {
    if (!isHttps(url)) fields.fail('page', 'and its folder must be https addresses');
  }
  if (publisher.checkpoint?.url.endsWith('/') === false) fields.fail('checkpoint', 'must end with /');
  return publisher;
}

function readPublishedFile(fields: Fields): PublishedFile {
  const url = fields.string('url');
  if (!isHttps(url)) fields.fail('url', 'must be an https address');
  return { url, bytes: fields.positive('bytes'), sha256: readHash(fields, 'sha256') };
}

const isHttps = (url: string): boolean => URL.canParse(url) && new URL(url).protocol === 'https:';

function readHash(fields: Fields, name: string): string {
  const hash = fields.string(name);
  return /^[0-9a-f]{64}$/.test(hash) ? hash : fields.fail(name, 'must be 64 hex digits');
}

function readExpectations(fields: Fields): CatalogueEntry['expects'] {
  return {
    architecture: fields.string('architecture'),
    bytesApprox: fields.positive('bytesApprox'),
    requirements: fields.string('requirements'),
    ...(fields.has('vision')
      ? { vision: { bytesApprox: fields.object('vision').positive('bytesApprox') } }
      : {}),
  };
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
