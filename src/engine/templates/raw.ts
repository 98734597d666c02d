import { plain, type Template } from './template.ts';

/** The last user text and nothing else. */
export const raw: Template = {
  bos: 'by-vocabulary',
  stopStrings: [],
  stopPieces: [],
  render: ({ question }) => [plain(question.text)],
};
