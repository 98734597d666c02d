import {
  fieldsIn,
  newId,
  readTaskTemplate,
  type TaskField,
  type TaskTemplate,
  taskLimits,
} from '../../client/index.ts';

/** A template while it is edited: of the fields also those that its text does not name at the moment. */
export interface EditedTemplate {
  name: string;
  about: string;
  images: number;
  text: string;
  fields: ReadonlyMap<string, EditedField>;
  /** The ids of the fields that it came with. */
  order: readonly string[];
}

export interface EditedField extends Omit<TaskField, 'id' | 'options'> {
  /** One a line. */
  options: string;
}

export const newTemplate: EditedTemplate = {
  name: '',
  about: '',
  images: 0,
  text: '',
  fields: new Map(),
  order: [],
};

export function editedOf({ name, about, images, text, fields }: TaskTemplate): EditedTemplate {
  return {
    name,
    about,
    images,
    text,
    fields: new Map(
      fields.map(({ id, options = [], ...field }) => [id, { ...field, options: options.join('\n') }]),
    ),
    order: fields.map(({ id }) => id),
  };
}

/** The fields that its text names: those that it came with as they stood, new ones behind them. */
export function namedFields({ text, order }: EditedTemplate): string[] {
  const named = fieldsIn(text);
  return [...order.filter(id => named.includes(id)), ...named.filter(id => !order.includes(id))];
}

/** As long as nothing else was said of it. */
export function fieldOf({ fields }: EditedTemplate, id: string): EditedField {
  return fields.get(id) ?? { label: id, kind: 'text', isRequired: true, options: '' };
}

/** What keeps it from being saved, in words; null where nothing does. */
export function whyNotSaved(edited: EditedTemplate): string | null {
  const ids = namedFields(edited);
  if (edited.name.trim() === '') return 'It needs a name.';
  if (edited.text.trim() === '') return 'It needs a text.';
  if (ids.length > taskLimits.fields)
    return `It has ${ids.length} fields; ${taskLimits.fields} are the most.`;
  for (const id of ids) {
    if (id.length > taskLimits.label) return 'The name of a field is too long.';
    const { kind, options, label } = fieldOf(edited, id);
    if (kind !== 'choice') continue;
    const count = listed(options).length;
    if (listed(options).some(option => option.length > taskLimits.option))
      return `A choice of “${label}” is longer than ${taskLimits.option} characters.`;
    if (count === 0) return `Nothing can be chosen in “${label}” yet.`;
    if (count > taskLimits.options)
      return `“${label}” has ${count} choices; ${taskLimits.options} are the most.`;
  }
  return null;
}

const listed = (options: string): string[] =>
  options
    .split('\n')
    .map(option => option.trim())
    .filter(Boolean);

/** A new version of `before`, where it asks otherwise; a new one where there was none. */
export function templateOf(edited: EditedTemplate, before: TaskTemplate | null): TaskTemplate {
  const fields = namedFields(edited).map((id): TaskField => {
    const { options, label, hint, ...field } = fieldOf(edited, id);
    return {
      id,
      label: label.trim() || id,
      ...field,
      ...(field.kind === 'choice' ? { options: listed(options) } : {}),
      ...(hint?.trim() ? { hint: hint.trim() } : {}),
    };
  });
  const { images, text } = edited;
  const asks = JSON.stringify({ fields, images, text });
  const asked =
    before &&
    JSON.stringify({ fields: before.fields.map(inOrder), images: before.images, text: before.text });
  const version = before ? before.version + (asks === asked ? 0 : 1) : 1;
  const template = {
    id: before?.id ?? newId(),
    version,
    name: edited.name.trim(),
    about: edited.about.trim(),
    images,
    fields,
    text,
  };
  const read = readTaskTemplate(template);
  if (!read) throw new Error('a template that can be saved cannot be read');
  return read;
}

/** With its parts in the order in which they are made here. */
const inOrder = ({ id, label, kind, isRequired, options, hint }: TaskField): TaskField => ({
  id,
  label,
  kind,
  isRequired,
  ...(options ? { options } : {}),
  ...(hint ? { hint } : {}),
});
