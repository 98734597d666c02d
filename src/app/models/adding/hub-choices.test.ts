import { expect, test } from 'vitest';
import { choiceLabel, listHubChoices } from './hub-choices.ts';

const file = (path: string, bytes: number) => ({ path, bytes });

test('split files are one choice, image halves are told from text, the smallest comes first', () => {
  const choices = listHubChoices([
    file('big-Q8_0-00002-of-00002.gguf', 2),
    file('big-Q8_0-00001-of-00002.gguf', 3e9),
    file('lost-F16-00001-of-00003.gguf', 1),
    file('model.Q4_K_M.gguf', 1e9),
    file('mmproj-model-f16.gguf', 6e8),
    file('folder/model-IQ2_XS.gguf', 5e8),
    file('plain.gguf', 9e9),
  ]);
  expect(
    choices.map(({ name, quantization, half, files }) => [name, quantization, half, files.length]),
  ).toEqual([
    ['folder/model-IQ2_XS.gguf', 'IQ2_XS', 'text', 1],
    ['mmproj-model-f16.gguf', 'F16', 'vision', 1],
    ['model.Q4_K_M.gguf', 'Q4_K_M', 'text', 1],
    ['big-Q8_0 (2 parts)', 'Q8_0', 'text', 2],
    ['plain.gguf', '', 'text', 1],
  ]);
  expect(choices[3]?.files.map(({ path }) => path)).toEqual([
    'big-Q8_0-00001-of-00002.gguf',
    'big-Q8_0-00002-of-00002.gguf',
  ]);
  expect(choiceLabel(choices[2]!)).toMatch(/^Q4_K_M · 1\.0 GB · model\.Q4_K_M\.gguf$/);
});
