import { BedsideError, type CatalogueEntry, sentence, type TemplateId } from '../../../client/index.ts';

/** How a model is asked. @throws BedsideError `unusable-template` where nobody has said how */
export function templateFor({ name, template }: Pick<CatalogueEntry, 'name' | 'template'>): TemplateId {
  if (template !== null) return template as TemplateId;
  throw new BedsideError(
    'unusable-template',
    sentence`no-template-chosen: The file of ${{ model: name }} does not say how it is asked, and nobody has chosen how.`,
    'Choose a template for it in the list of models, then ask again.',
  );
}
