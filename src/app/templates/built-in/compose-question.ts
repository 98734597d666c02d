import { fieldPlaces, fieldsIn, type TaskField, type TaskTemplate } from '../../../client/index.ts';
import type { FilledFields } from '../../state/drafts/form-store.ts';

/** What a field holds: a choice always something. */
export const filledIn = ({ id, options }: TaskField, filled: FilledFields): string =>
  (Object.hasOwn(filled, id) ? filled[id] : options?.[0]) ?? '';

/** The fields that have to be filled in and are not, in order. */
export function missingFields({ fields }: TaskTemplate, filled: FilledFields): TaskField[] {
  return fields.filter(field => field.isRequired && filledIn(field, filled).trim() === '');
}

/**
 * The question, to the letter. A line of the template whose fields are all empty is left out, and so are blank lines that follow each
 * other because of it. What is filled in goes in once, as it is: braces in it mean nothing. Where something has to be filled in still,
 * its label stands in brackets.
 */
export function composeQuestion({ fields, text }: TaskTemplate, filled: FilledFields): string {
  const values = new Map(
    fields.map(field => {
      const value = filledIn(field, filled).trim();
      return [field.id, value || (field.isRequired ? `[${field.label}]` : '')];
    }),
  );
  const lines = text.split('\n').filter(line => {
    const ids = fieldsIn(line);
    return ids.length === 0 || ids.some(id => values.get(id) !== '');
  });
  const kept = lines.filter((line, at) => line.trim() !== '' || lines[at - 1]?.trim() !== '');
  return kept
    .map(line => line.replace(fieldPlaces, (whole, id: string) => values.get(id.trim()) ?? whole))
    .join('\n')
    .trim();
}
