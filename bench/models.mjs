// The small models that every benchmark of whole answers uses.
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

export const question = 'What is Marfan syndrome?';

// What the template pmc-llama makes of the question.
const rendered =
  'Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n' +
  `### Instruction:\n${question}\n\n### Response:`;
const story = { template: 'raw', prompt: 'Once upon a time', rendered: 'Once upon a time' };
const consultation = { template: 'pmc-llama', prompt: question, rendered };

const known = [
  {
    name: 'nano-chat-q8_0',
    path: join(root, 'public/models/nano-chat/nano-chat-q8_0.gguf'),
    ...consultation,
  },
  { name: 'nano-chat-q4_0', path: join(root, 'test/fixtures/models/nano-chat-q4_0.gguf'), ...consultation },
];

/**
 * `models`: some of these by name, separated by commas. `model`: a GGUF file of architecture llama besides them. The model
 * stories260K is among them where BEDSIDE_DATA names a folder that holds it.
 */
export function benchModels({ models, model } = {}) {
  const all = [...known];
  const stories = join(process.env.BEDSIDE_DATA ?? '', 'testdata/stories260K/stories260K.f32.gguf');
  if (process.env.BEDSIDE_DATA && existsSync(stories))
    all.push({ name: 'stories260K', path: stories, ...story });
  return chosen(all, { models, model });
}

function chosen(listed, { models, model }) {
  const all = model ? [...listed, { name: basename(model, '.gguf'), path: model, ...story }] : listed;
  const names = models?.split(',');
  const missing = names?.find(name => !all.some(each => each.name === name));
  if (missing) throw new Error(`There is no ${missing} among ${all.map(({ name }) => name).join(', ')}.`);
  return names ? all.filter(({ name }) => names.includes(name)) : all;
}

/** The models of bench/processor.mjs: nano-chat, and SmolLM2 where BEDSIDE_DATA names a folder that holds it. */
export function processorModels({ models, model } = {}) {
  const smol = join(process.env.BEDSIDE_DATA ?? '', 'testdata/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf');
  const hasSmol = process.env.BEDSIDE_DATA && existsSync(smol);
  return chosen([known[0], ...(hasSmol ? [{ name: 'smollm2-q4_1', path: smol }] : [])], { models, model });
}
