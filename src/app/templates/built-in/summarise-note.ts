import type { TaskTemplate } from '../../../client/index.ts';

export const summariseNote: TaskTemplate = {
  id: 'summarise-note',
  version: 1,
  name: 'Summarise a note',
  about: 'The essentials of a clinical note, without anything that it does not say.',
  images: 0,
  fields: [
    { id: 'note', label: 'Note', kind: 'text', isRequired: true },
    {
      id: 'form',
      label: 'Form',
      kind: 'choice',
      options: [
        'problem list',
        'situation, background, assessment, open questions',
        'five sentences',
        'timeline',
      ],
      isRequired: true,
    },
    { id: 'focus', label: 'What matters most', kind: 'line', isRequired: false },
  ],
  text: `Summarise the clinical note below. Form: {{form}}. Keep every figure with its unit and every drug with its dose as they are written. Add nothing that the note does not say; write "not stated" where something expected is missing.

What matters most: {{focus}}

Note:
{{note}}`,
};
