import type { TaskTemplate } from '../../../client/index.ts';

export const differential: TaskTemplate = {
  id: 'differential',
  version: 1,
  name: 'Differential, with for and against',
  about: 'Conditions that could explain a presentation, each with what speaks for and against it.',
  images: 0,
  fields: [
    {
      id: 'patient',
      label: 'Age and sex',
      kind: 'line',
      isRequired: false,
      hint: 'No name, no date of birth.',
    },
    { id: 'presentation', label: 'Presentation', kind: 'text', isRequired: true },
    { id: 'history', label: 'History and medication', kind: 'text', isRequired: false },
    { id: 'examination', label: 'Examination', kind: 'text', isRequired: false },
    { id: 'results', label: 'Results', kind: 'text', isRequired: false, hint: 'With units and ranges.' },
    { id: 'count', label: 'How many', kind: 'choice', options: ['five', 'three', 'eight'], isRequired: true },
  ],
  text: `List {{count}} conditions that could explain this presentation, as options to consider and not as a conclusion. For each one write:
- what speaks for it
- what speaks against it
- what would help to tell it from the others

Then name what must not be missed, and which information is lacking.

Patient: {{patient}}
Presentation: {{presentation}}
History and medication: {{history}}
Examination: {{examination}}
Results: {{results}}`,
};
