import {
  BedsideError,
  isRawObject,
  newId,
  readTaskTemplate,
  type Sentence,
  sentence,
  type TaskTemplate,
  taskLimits,
} from '../../client/index.ts';

/** docs/templates.schema.json describes the file. */
export const templateFileFormat = 'bedside-templates';
export const templateFileVersion = 1;

/** More than a hundred templates of the longest texts in any language take less. */
export const mostTemplateFileBytes = 8 * 1024 * 1024;

export function writeTemplateFile(templates: readonly TaskTemplate[]): Blob {
  const file = { format: templateFileFormat, version: templateFileVersion, templates };
  return new Blob([`${JSON.stringify(file, null, 2)}\n`], { type: 'application/json' });
}

/** All templates of a file, or none. Rejects with 'not-importable'. */
export async function readTemplateFile(file: Blob): Promise<TaskTemplate[]> {
  if (file.size > mostTemplateFileBytes) {
    throw refused(sentence`template-file-too-large: This file is too large to be one of templates.`);
  }
  const value = parse(await file.text());
  if (!isRawObject(value) || value.format !== templateFileFormat || !Array.isArray(value.templates)) {
    throw refused(sentence`template-file-of-no-known-kind: This file holds no templates of Bedside.`);
  }
  if (value.version !== templateFileVersion) {
    throw refused(
      sentence`template-file-of-another-version: This file was written by another version of Bedside, which this one cannot read.`,
    );
  }
  if (value.templates.length > taskLimits.templates) {
    throw refused(
      sentence`template-file-too-many: This file holds more than ${{ most: taskLimits.templates }} templates.`,
    );
  }
  return value.templates.map((each: unknown, at: number) => {
    const template = readTaskTemplate(each);
    if (template) return template;
    throw refused(
      sentence`template-unreadable: Template ${{ place: at + 1 }} of this file is not one: something is missing, too long, or a field is not in its text.`,
    );
  });
}

export interface TakenTemplates {
  added: TaskTemplate[];
  /** They are here already, the same in all. */
  known: number;
}

/**
 * What of `templates` comes in beside those that are here. One with an id that is taken comes in as another one. Rejects with
 * 'not-importable' where there is no room for all.
 */
export function placeTemplates(
  templates: readonly TaskTemplate[],
  own: readonly TaskTemplate[],
  builtIn: readonly TaskTemplate[],
): TakenTemplates {
  const here = new Map([...builtIn, ...own].map(each => [each.id, JSON.stringify(each)]));
  const added: TaskTemplate[] = [];
  for (const template of templates) {
    const same = here.get(template.id);
    if (same === JSON.stringify(template)) continue;
    const placed = same === undefined ? template : { ...template, id: newId() };
    here.set(placed.id, JSON.stringify(placed));
    added.push(placed);
  }
  if (own.length + added.length > taskLimits.templates) {
    throw refused(
      sentence`own-templates-full: Bedside keeps ${{ most: taskLimits.templates }} templates of your own, and these would be more.`,
      'Nothing was added. Delete some of your own, then import the file again.',
    );
  }
  return { added, known: templates.length - added.length };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refused(
      sentence`template-file-not-json: This file is damaged, or no file of templates.`,
      undefined,
      cause,
    );
  }
}

function refused(
  what: Sentence,
  advice = 'Nothing was added. Choose a file that was made with “Export your own” here.',
  cause?: unknown,
): BedsideError {
  return new BedsideError('not-importable', what, advice, cause);
}
