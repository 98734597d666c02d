import { defineTemplate, plain } from './template.ts';

/** The last user text and nothing else. */
export const raw = defineTemplate({
  id: 'raw',
  addBos: true,
  stopStrings: [],
  stopPieces: [],
  render: ({ question }) => [plain(question.text)],
});
