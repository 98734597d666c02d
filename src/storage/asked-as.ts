/** How the reader wants models to be asked, by the files that they are made of. */
import { type TemplateChoice, templateChoices } from '../engine/templates/template-ids.ts';
import { isRawObject } from './raw-object.ts';
import { type FieldReaders, flag, oneOf, readFields, text } from './record-fields.ts';

/** What was chosen for a model; absent is what its file or the catalogue says. */
export interface AskedAs {
  template?: TemplateChoice;
  /** Empty: none. */
  system?: string;
  /** Of a model that can think before it answers. */
  thinks?: boolean;
}

/** By what tells the files of a model from others. */
export type AskedAsByFile = Readonly<Record<string, AskedAs>>;

/** Of files that are long gone nothing need be remembered. */
const mostFiles = 200;

const fields: FieldReaders<AskedAs> = { template: oneOf(templateChoices), system: text, thinks: flag };

/** What cannot be read of a model is as if it had not been chosen. */
export function readAskedAs(stored: unknown): AskedAsByFile {
  if (!isRawObject(stored)) return {};
  return Object.fromEntries(
    Object.entries(stored).flatMap(([key, value]) => {
      if (!isRawObject(value)) return [];
      const chosen = readFields<AskedAs>(value, fields).fields;
      return Object.keys(chosen).length > 0 ? [[key, chosen]] : [];
    }),
  );
}

/** With what is chosen now for a model, as the one that was chosen last; of those chosen longest ago some are forgotten. */
export function withAskedAs(all: AskedAsByFile, key: string, chosen: AskedAs): AskedAsByFile {
  const { [key]: _, ...others } = all;
  const entries = Object.entries(others).slice(-(mostFiles - 1));
  return Object.fromEntries(Object.keys(chosen).length > 0 ? [...entries, [key, chosen]] : entries);
}
