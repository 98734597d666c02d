import type { TaskTemplate } from '../../../client/index.ts';

export const examQuestion: TaskTemplate = {
  id: 'exam-question',
  version: 1,
  name: 'Exam question',
  about: 'A question with options, as in an exam.',
  images: 0,
  fields: [
    { id: 'question', label: 'Question', kind: 'text', isRequired: true },
    {
      id: 'options',
      label: 'Options',
      kind: 'text',
      isRequired: true,
      hint: 'One a line, each with its letter.',
    },
    {
      id: 'reasons',
      label: 'Reasons',
      kind: 'choice',
      options: ['for every option', 'for the chosen option', 'none, the letter alone'],
      isRequired: true,
    },
  ],
  text: `This is a multiple choice question of a medical exam. Name the letter of the option that fits best. Reasons: {{reasons}}.

{{question}}

{{options}}`,
};
