import { formatParameters } from '../../engine/quantities.ts';
import type { TemplateId } from '../../engine/templates/template-ids.ts';
import type { ModelIdentity } from '../../engine/types/model-identity.ts';
import type { TemplateSummary } from '../../engine/types/template-summary.ts';
import type { CatalogueEntry } from './catalogue.ts';
import type { FileClaim } from './claim-file.ts';

/** What it takes to list a reader's file as the catalogue lists its own. */
export interface OwnFiles {
  identity: ModelIdentity;
  /** Of the image half, where there is one. */
  vision?: ModelIdentity | undefined;
  /** What the file's own template showed to be; null of one without. */
  template: TemplateSummary | null;
  /** The template with places for images that models of this architecture have; null where there is none. */
  imageTemplate: TemplateId | null;
}

/** As long as conversations are kept unless the reader wants more: of what models are made for, devices rarely hold all. */
const mostContextTokens = 8192;
const unstatedContextTokens = 4096;

const textQuestions = [
  'What are you, and what were you made for?',
  'What can you not do well?',
  'Summarise in three sentences how a clinical trial is blinded.',
];
const imageQuestions = ['Describe the image.', 'What kind of image is this?', 'What text is in the image?'];

/**
 * A file of the reader's as an entry of its own, by which it is shown, asked and remembered. One that a hash proves to be a
 * model of the catalogue is that model; every other keeps the name that it gives itself, whatever it was opened under.
 * @param key the same for the same files, as `keyOf` makes it
 */
export function ownEntry(files: OwnFiles, claim: FileClaim, key: string): CatalogueEntry {
  const { identity, vision } = files;
  const own = {
    id: `own-${encodeURIComponent(key)}`,
    kind: 'own' as const,
    identity,
    ...(vision ? { vision: {}, visionIdentity: vision } : {}),
  };
  if (claim.by === 'hash') {
    const { file: _, vision: __, expects: ___, publisher: ____, ...proven } = claim.entry;
    // A demonstration stays one, and its answers are marked.
    const kind = proven.kind === 'demonstration' ? proven.kind : own.kind;
    return { ...proven, ...own, kind };
  }
  const { name, licence, contextTokens } = identity;
  const alike = claim.by === 'looks like' ? claim.entries : [];
  return {
    ...own,
    name,
    summary: describe(files),
    license: licence ?? 'The file names no licence. Read the terms of its publisher before you use it.',
    ...chooseTemplate(files, alike),
    contextTokens: Math.min(contextTokens ?? unstatedContextTokens, mostContextTokens),
    suggestedQuestions: vision ? imageQuestions : textQuestions,
    ...(alike[0] ? { looksLike: { id: alike[0].id, name: alike.map(each => each.name).join(' or ') } } : {}),
  };
}

/** "Your file: 0.1 billion parameters, mostly Q4_1, of the architecture llama. By HuggingFaceTB." */
function describe({ identity, vision }: OwnFiles): string {
  const { parameterCount, quantisation, architecture, publisher } = identity;
  const what = `${formatParameters(parameterCount)} parameters, mostly ${quantisation}, of the architecture ${architecture}`;
  return [
    `Your file: ${what}.`,
    vision ? 'With an image half.' : '',
    publisher === undefined ? '' : `Its publisher, by its own word: ${publisher}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** Only a pinned template has places for images. Null where nothing says how the model is asked: the reader does. */
function chooseTemplate(
  { vision, template, imageTemplate }: OwnFiles,
  alike: readonly CatalogueEntry[],
): Pick<CatalogueEntry, 'template' | 'includeHistory'> {
  if (vision) return { template: imageTemplate, includeHistory: true };
  if (template && !template.fault) return { template: 'file', includeHistory: template.takesHistory };
  const [first, ...others] = alike;
  const isClear = first && others.every(entry => entry.template === first.template);
  // One that is asked by the template of its file says nothing for a file without.
  return isClear && first.template !== 'file'
    ? { template: first.template, includeHistory: first.includeHistory }
    : { template: null, includeHistory: true };
}
