import type { TaskTemplate } from '../../../client/index.ts';

export const compareImages: TaskTemplate = {
  id: 'compare-images',
  version: 1,
  name: 'Compare two images',
  about: 'What is the same, what has changed, and what cannot be compared.',
  images: 2,
  fields: [
    {
      id: 'first',
      label: 'The first image',
      kind: 'line',
      isRequired: true,
      hint: 'For example: in March, before treatment.',
    },
    { id: 'second', label: 'The second image', kind: 'line', isRequired: true },
    { id: 'focus', label: 'What to compare', kind: 'line', isRequired: false },
  ],
  text: `Compare the two images. List what is the same, what differs and where, and what cannot be compared because the images were made in different ways. Do not say that something has changed where only the view, the exposure or the section differs.

First image: {{first}}
Second image: {{second}}
Compare above all: {{focus}}`,
};
