import type { TaskTemplate } from '../../../client/index.ts';

export const explainReport: TaskTemplate = {
  id: 'explain-report',
  version: 1,
  name: 'Explain a report',
  about: 'What the words and figures of a report mean, sentence by sentence.',
  images: 0,
  fields: [
    {
      id: 'kind',
      label: 'Kind of report',
      kind: 'line',
      isRequired: false,
      hint: 'For example chest CT, or pathology.',
    },
    { id: 'report', label: 'Report', kind: 'text', isRequired: true },
    {
      id: 'reader',
      label: 'For whom',
      kind: 'choice',
      options: ['a clinician of another field', 'a student', 'a nurse or therapist'],
      isRequired: true,
    },
  ],
  text: `Explain the report below to {{reader}}. Go through it in its own order: quote each finding word for word, then say what it means. Use only what the report says. Say where it is unclear or could be read in more than one way, and add no findings.

Kind of report: {{kind}}

Report:
{{report}}`,
};
