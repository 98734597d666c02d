import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commands, describeCommands, describeUsage } from './command-list.ts';

const names = Object.keys(commands);
const optionsIn = (text: string) => [...text.matchAll(/--[a-z-]+/g)].map(([option]) => option);

test.each(names)('--help has an example of %s, with no option that it does not explain', name => {
  const { example } = commands[name]!;
  expect(example).toMatch(/^\S+/);
  expect(describeCommands()).toContain(`e.g. ${name} ${example}\n`);
  const explained = optionsIn(describeUsage(name));
  for (const option of optionsIn(example)) expect(explained).toContain(option);
});

test('every command is listed', () => {
  const folder = new URL('.', import.meta.url);
  const files = readdirSync(folder).filter(file => /^[a-z]+\.ts$/.test(file));
  const found = files.filter(file =>
    /^export async function (\w+)\(argv: string\[\]\)/m.test(readFileSync(new URL(file, folder), 'utf8')),
  );
  expect(found.map(file => file.replace('.ts', '')).toSorted()).toEqual(names.toSorted());
});
