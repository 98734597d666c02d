import type { TaskTemplate } from '../../../client/index.ts';

export const describeImage: TaskTemplate = {
  id: 'describe-image',
  version: 1,
  name: 'Describe an image',
  about: 'What can be seen, kept apart from what it could mean.',
  images: 1,
  fields: [
    {
      id: 'kind',
      label: 'Kind of image',
      kind: 'line',
      isRequired: false,
      hint: 'For example chest X-ray, frontal.',
    },
    { id: 'context', label: 'Clinical context', kind: 'text', isRequired: false },
    { id: 'focus', label: 'What to look at', kind: 'line', isRequired: false },
  ],
  text: `Describe the image in three parts:
1. What kind of image it is, and how good it is.
2. What can be seen, and where.
3. What it could mean, as options with what speaks for and against each.

Say what cannot be judged on this image.

Kind of image: {{kind}}
Clinical context: {{context}}
Look above all at: {{focus}}`,
};
