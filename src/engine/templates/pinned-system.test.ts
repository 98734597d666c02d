import { expect, test } from 'vitest';
import { pinnedSystem } from './pinned-system.ts';
import { templateIds } from './template-ids.ts';
import { templateOf } from './templates.ts';

test.each(templateIds)('%s: a system message is read or not, and its own is told', id => {
  const { isRead, text } = pinnedSystem(id);
  expect(isRead).toBe(id !== 'raw');
  expect(text).toBe(templateOf(id).system ?? '');
});
