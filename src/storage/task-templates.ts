/** Templates of questions for a task: the reader's own, and which one a question was made with. */
import { isRawObject } from './raw-object.ts';
import { type FieldReader, flag, listOf, objectOf, oneOf, sizeUpTo, text, wholly } from './record-fields.ts';

/** How many lines a field takes, or what can be chosen in it. */
export const taskFieldKinds = ['line', 'text', 'choice'] as const;

export interface TaskField {
  /** Stands in the text as `{{id}}`. */
  id: string;
  label: string;
  kind: (typeof taskFieldKinds)[number];
  /** Of a choice alone: what can be chosen, the first one unless another is. */
  options?: string[];
  isRequired: boolean;
  hint?: string;
}

export interface TaskTemplate {
  id: string;
  /** Raised with every change of its text or fields. */
  version: number;
  name: string;
  /** What it is for, in a sentence. */
  about: string;
  /** Images that have to be asked about with it. */
  images: number;
  fields: TaskField[];
  /** The question, with `{{id}}` where the fields go. A line whose fields are all left empty is left out. */
  text: string;
}

/** Which template a question was made with. */
export interface TaskUse {
  id: string;
  version: number;
  name: string;
  /** The text was changed by hand afterwards. */
  isEdited: boolean;
}

/** What of a template may be how long, in characters, and how many there may be of what. */
export const taskLimits = {
  id: 64,
  name: 80,
  about: 240,
  text: 20_000,
  label: 80,
  hint: 240,
  option: 120,
  options: 20,
  fields: 20,
  images: 2,
  templates: 100,
} as const;

/** Where a field goes in the text of a template. */
export const fieldPlaces = /\{\{([^{}\n]+)\}\}/g;

/** The ids that a text speaks of, each once, in order. */
export const fieldsIn = (written: string): string[] => [
  ...new Set([...written.matchAll(fieldPlaces)].map(([, id]) => id!.trim()).filter(Boolean)),
];

const within =
  (most: number): FieldReader<string> =>
  value =>
    text(value) !== undefined && (value as string).length <= most ? (value as string) : undefined;

const filled =
  (most: number): FieldReader<string> =>
  value =>
    within(most)(value)?.trim() ? (value as string) : undefined;

const atMost =
  <T>(most: number, read: FieldReader<T[]>): FieldReader<T[]> =>
  value =>
    Array.isArray(value) && value.length <= most ? read(value) : undefined;

const readField = wholly(
  objectOf<TaskField>(
    {
      id: filled(taskLimits.label),
      label: filled(taskLimits.label),
      kind: oneOf(taskFieldKinds),
      options: atMost(taskLimits.options, listOf(filled(taskLimits.option))),
      isRequired: flag,
      hint: within(taskLimits.hint),
    },
    ['id', 'label', 'kind', 'isRequired'],
  ),
  ['options', 'hint'],
);

const readParts = objectOf<TaskTemplate>(
  {
    id: value => (/^[\w-]+$/.test(String(value)) ? filled(taskLimits.id)(value) : undefined),
    version: sizeUpTo(1_000_000),
    name: filled(taskLimits.name),
    about: within(taskLimits.about),
    images: oneOf([0, 1, 2]),
    fields: atMost(taskLimits.fields, listOf(readField)),
    text: filled(taskLimits.text),
  },
  ['id', 'version', 'name', 'about', 'images', 'fields', 'text'],
);

/** A template whose fields are those of its text, whatever lies there. */
export const readTaskTemplate: FieldReader<TaskTemplate> = value => {
  const template = readParts(value);
  if (!template) return undefined;
  const ids = template.fields.map(({ id }) => id);
  const named = fieldsIn(template.text);
  const isWhole =
    new Set(ids).size === ids.length &&
    named.length === ids.length &&
    named.every(id => ids.includes(id)) &&
    template.fields.every(
      ({ kind, options }) => (kind === 'choice') === (options !== undefined && options.length > 0),
    );
  return isWhole ? template : undefined;
};

/** Of those that are stored what can be read, each id once. */
export function readOwnTemplates(stored: unknown): TaskTemplate[] {
  if (!Array.isArray(stored)) return [];
  const read = stored.slice(0, taskLimits.templates).map(readTaskTemplate);
  const byId = new Map(read.flatMap(each => (each ? [[each.id, each] as const] : [])));
  return [...byId.values()];
}

export const readTaskUse: FieldReader<TaskUse> = value =>
  isRawObject(value)
    ? objectOf<TaskUse>(
        {
          id: filled(taskLimits.id),
          version: sizeUpTo(1_000_000),
          name: filled(taskLimits.name),
          isEdited: flag,
        },
        ['id', 'version', 'name', 'isEdited'],
      )(value)
    : undefined;
