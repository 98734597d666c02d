import {
  type AskedAs,
  BedsideError,
  type CatalogueEntry,
  sentence,
  type TemplateChoice,
  type TemplateSummary,
} from '../../../client/index.ts';

/** How a model is asked. */
export interface Asking {
  /** Null as long as nobody has said how. */
  template: TemplateChoice | null;
  system?: string;
  includeHistory: boolean;
}

/** As the catalogue or its file says, but for what the reader has chosen for it. */
export function askingOf(
  { template: own, system: ownSystem, includeHistory }: CatalogueEntry,
  chosen: AskedAs = {},
): Asking {
  const template = chosen.template ?? own;
  // The catalogue's system message goes with the catalogue's template.
  const system = chosen.system ?? (template === own ? ownSystem : undefined);
  return {
    template,
    ...(system === undefined ? {} : { system }),
    // Of the others that the reader can choose one alone knows nothing but the last question.
    includeHistory: template === own ? includeHistory : template !== 'raw',
  };
}

/** Whether a model thinks before it answers, as far as it can be switched; undefined where it cannot. */
export function thinksIn(
  asking: Pick<Asking, 'template'>,
  own: TemplateSummary | null | undefined,
  chosen: AskedAs = {},
): boolean | undefined {
  if (asking.template !== 'file' || !own?.thinking) return undefined;
  return chosen.thinks ?? own.thinking.isOnByDefault;
}

/** What tells the template of a file to let the model think or not; empty where nobody has chosen. */
export function thinkingOptions(
  asking: Pick<Asking, 'template'>,
  own: TemplateSummary | null | undefined,
  chosen: AskedAs = {},
): { templateOptions?: Record<string, string | boolean> } {
  if (thinksIn(asking, own, chosen) === undefined || chosen.thinks === undefined) return {};
  const { variable, on, off } = own!.thinking!;
  return { templateOptions: { [variable]: chosen.thinks ? on : off } };
}

/** What a question is asked with. @throws BedsideError `unusable-template` where nobody has said how the model is asked */
export function requestFor(
  entry: CatalogueEntry,
  chosen?: AskedAs,
): Omit<Asking, 'template'> & { template: TemplateChoice } {
  const { template, ...asking } = askingOf(entry, chosen);
  if (template !== null) return { template, ...asking };
  throw new BedsideError(
    'unusable-template',
    sentence`no-template-chosen: The file of ${{ model: entry.name }} does not say how it is asked, and nobody has chosen how.`,
    'Choose a template under “How it is asked”, then ask again.',
  );
}
