import type { TaskTemplate } from '../../../client/index.ts';

export const patientWording: TaskTemplate = {
  id: 'patient-wording',
  version: 1,
  name: 'Wording for a patient',
  about: 'A text said again so that a patient understands it, for you to check.',
  images: 0,
  fields: [
    { id: 'text', label: 'Text', kind: 'text', isRequired: true },
    {
      id: 'reader',
      label: 'For whom',
      kind: 'choice',
      options: ['an adult', 'a teenager', 'a parent of a child', 'a person who reads simple words best'],
      isRequired: true,
    },
    {
      id: 'length',
      label: 'Length',
      kind: 'choice',
      options: ['about as long as the text', 'a few sentences'],
      isRequired: true,
    },
    {
      id: 'language',
      label: 'Language',
      kind: 'line',
      isRequired: false,
      hint: 'Where it is not that of the text.',
    },
  ],
  text: `Say the text below again in words that {{reader}} understands. Length: {{length}}. Explain every medical word that has to stay. Keep all figures, drugs and doses. Promise nothing, add no advice, and leave out nothing that matters. A clinician will check it before anyone reads it.

Language: {{language}}

Text:
{{text}}`,
};
