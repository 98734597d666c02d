import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';
import { readAsked } from './asked.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bedside-asked-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const system = { role: 'system', content: 'S' };
const user = { role: 'user', content: 'A' };
const assistant = { role: 'assistant', content: 'B' };

const read = (...argv: string[]) =>
  readAsked(parseArguments(argv, { prompt: 'value', messages: 'value', system: 'value' }));

function readFile(content: unknown, ...more: string[]) {
  const path = join(folder, 'messages.json');
  writeFileSync(path, JSON.stringify(content));
  return read('--messages', path, ...more);
}

it('a prompt is one question', () => {
  expect(read('--prompt', 'A')).toEqual({ messages: [{ role: 'user', text: 'A' }], system: undefined });
  expect(read('--prompt', 'A', '--system', 'S')).toMatchObject({ system: 'S' });
});

it('a file is several turns, with a system message before them', () => {
  const turns = [
    { role: 'user', text: 'A' },
    { role: 'assistant', text: 'B' },
    { role: 'user', text: 'A' },
  ];
  expect(readFile([system, user, assistant, user])).toMatchObject({ messages: turns, system: 'S' });
  const context = { enable_thinking: false };
  expect(readFile({ messages: [user, assistant, user], context }, '--system', 'T')).toEqual({
    messages: turns,
    system: 'T',
    templateOptions: context,
  });
});

it.each<[string, () => unknown, string]>([
  ['nothing', () => read(), 'prompt-is-missing'],
  ['both', () => read('--prompt', 'A', '--messages', 'x.json'), 'prompt-given-twice'],
  ['several conversations', () => readFile({ cases: [{ messages: [user] }] }), 'several-conversations'],
  ['two system messages', () => readFile([system, user], '--system', 'T'), 'system-given-twice'],
  ['one in the middle', () => readFile([user, system, user]), 'role-of-no-turn'],
  ['another role', () => readFile([{ role: 'tool', content: 'x' }, user]), 'role-of-no-turn'],
  ['a list of parts', () => readFile([{ role: 'user', content: [{ type: 'text' }] }]), 'message-is-no-text'],
])('%s is refused', (_what, ask, reason) => {
  expect(ask).toThrow(expect.objectContaining({ code: 'invalid-request', reason }));
});
