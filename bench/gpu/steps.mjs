// What bench/gpu.mjs runs, in this order. Shapes are those of PMC-LLaMA-13B (hidden 5120, feed-forward 13824) and of Mini-Monkey's
// language half (2048, 8192).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const cli = 'dist-cli/cli.mjs';
const chat = 'public/models/nano-chat/nano-chat-q8_0.gguf';
const vqa = 'public/models/nano-vqa/nano-vqa';
const goldens = 'test/fixtures/golden';

/** Candidates of products with one token, as --choices forces them on every format. */
const matvecForms = [
  'teams-1',
  'teams-2',
  'teams-4',
  'teams-8',
  'wide',
  'quarter-blocks-1',
  'quarter-blocks-2',
  'quarter-blocks-4',
];
/** What tells their classes apart: see matvecKind. */
const matvecClasses = ['', ' add', ' add-norm', ' normed', ' gated'];
const matmulForms = ['tile-64x64', 'tile-128x64', 'tile-128x128'];
const formats = ['q4_0', 'q4_k', 'q6_k', 'q8_0', 'f16'];
/** Formats whose forms are not told apart above, and what they are compared with. */
const others = ['q2_k', 'q3_k', 'q5_k', 'q4_1', 'q5_0', 'q5_1', 'iq4_nl', 'iq4_xs', 'bf16'];
const compared = ['q4_0', 'q4_k'];

export function gpuSteps({ isQuick, root }) {
  const pick = (full, quick) => (isQuick ? quick : full);
  const golden = file => JSON.parse(readFileSync(join(root, goldens, file), 'utf8'));
  const chatCase = golden('golden-nano-chat-q8_0.json').cases[0];
  const kernels = (more, only, choices) => [
    cli,
    'bench',
    '--kernels',
    '--repeat',
    pick('15', '1'),
    ...(isQuick ? ['--quick'] : []),
    ...(only ? ['--only', only] : []),
    ...(choices ? ['--choices', JSON.stringify(choices)] : []),
    ...Object.entries(more).flatMap(([name, value]) => [`--${name}`, value]),
  ];
  const forced = (kernel, name) => {
    const classes = kernel === 'matvec' ? matvecClasses : ['', ' gated'];
    return Object.fromEntries(
      formats.flatMap(format => classes.map(form => [`${kernel} ${format}${form}`, name])),
    );
  };
  const each = (names, command) => Object.fromEntries(names.map(name => [name, command(name)]));
  const model = (name, precision, more = []) => [
    cli,
    'bench',
    '--synthetic',
    name,
    '--precision',
    precision,
    ...more,
  ];
  const shapes = pick(
    '15360x5120,27648x5120,5120x13824,5120x5120,32001x5120,2048x2048,2048x8192',
    '512x2048',
  );

  return [
    {
      name: 'probe',
      limitSeconds: 30,
      commands: { probe: ['bench/gpu/probe.mjs', ...(isQuick ? ['--quick'] : [])] },
    },
    {
      name: 'test',
      limitSeconds: 120,
      // Such a driver takes minutes to compile every form of every format.
      commands: { test: [cli, 'test', '--json', ...pick([], ['--only', 'matvec Q4_0'])] },
      judge: ({ test }) =>
        test?.rows?.some(({ outcome }) => outcome === 'wrong') ? ['a kernel is wrong'] : [],
    },
    {
      name: 'goldens',
      limitSeconds: 90,
      commands: {
        ...each(pick(['f32', 'f16', 'q8', 'q4'], ['f32']), precision => [
          ...[cli, 'generate', chat, '--prompt', chatCase.question, '--temperature', '0', '--json'],
          ...['--precision', precision],
        ]),
        image: [
          ...[
            cli,
            'generate',
            `${vqa}-q8_0.gguf`,
            '--mmproj',
            `${vqa}-mmproj-f16.gguf`,
            '--temperature',
            '0',
            '--json',
          ],
          ...[
            '--image',
            'public/samples/synthetic-chest-xray.png',
            '--prompt',
            'Describe the image.',
            '--max-tokens',
            '24',
          ],
        ],
      },
      judge: ({ f32, f16 }) =>
        [f32, f16].some(run => run && run.text !== chatCase.text) ? ['an answer is not the golden one'] : [],
    },
    // Each report of kernels begins with the device's own rates.
    {
      name: 'matvec',
      limitSeconds: 100,
      commands: each(pick(matvecForms, matvecForms.slice(1, 2)), form =>
        kernels(
          { shapes, types: pick(formats.join(','), 'q4_0'), tokens: '1' },
          'matvec',
          forced('matvec', form),
        ),
      ),
    },
    {
      name: 'attention',
      limitSeconds: 60,
      commands: {
        decode: kernels({ contexts: pick('64,512,2048,8192', '64'), precision: 'f16' }, 'attention-decode'),
        prefill: kernels({ precision: 'f16' }, 'attention-prefill'),
        encoder: kernels({}, 'attention-encoder'),
      },
    },
    {
      name: 'products',
      limitSeconds: 70,
      commands: each(pick(matmulForms, matmulForms.slice(0, 1)), form =>
        kernels(
          {
            shapes: pick('5120x5120,13824x5120', '512x2048'),
            types: pick('q4_0,q4_k', 'q4_0'),
            tokens: pick('4,16,32,64,128,256,512', '4,16'),
          },
          'm',
          forced('matmul', form),
        ),
      ),
    },
    {
      name: 'tune',
      limitSeconds: 60,
      commands: {
        '13b': [cli, 'bench', '--synthetic', 'pmc-llama-13b', '--tune', ...pick([], ['--layers', '1'])],
      },
    },
    {
      name: 'models',
      limitSeconds: 150,
      commands: {
        '13b': model(
          'pmc-llama-13b',
          'f16',
          pick(
            ['--contexts', '64,512,2032', '--decode', '64'],
            ['--layers', '1', '--prefill', '16', '--decode', '2', '--repeat', '1'],
          ),
        ),
        '13b, plainest shapes, 32-bit cache': model('pmc-llama-13b', 'f32', [
          ...[
            '--choices',
            JSON.stringify({ ...forced('matvec', 'teams-1'), ...forced('matmul', 'tile-64x64') }),
          ],
          ...pick(
            ['--contexts', '512', '--decode', '64'],
            ['--layers', '1', '--prefill', '16', '--decode', '2', '--repeat', '1'],
          ),
        ]),
        '2b': model(
          'mini-monkey-2b',
          'f16',
          pick(
            ['--contexts', '1024,8192', '--tiles', '3', '--decode', '64'],
            ['--layers', '1', '--prefill', '16', '--decode', '2', '--repeat', '1'],
          ),
        ),
      },
    },
    // Of the smaller model, whose steps are short beside a round trip.
    {
      name: 'in-flight',
      limitSeconds: 60,
      commands: each(pick(['1', '2', '3', '4', '8', '16'], ['1', '3']), count =>
        model('mini-monkey-2b', 'f16', [
          '--in-flight',
          count,
          ...pick(
            ['--decode', '128'],
            ['--layers', '1', '--prefill', '16', '--decode', '4', '--repeat', '1'],
          ),
        ]),
      ),
    },
    {
      name: 'chunks',
      limitSeconds: 60,
      commands: each(['128', '256', '512'], tokens =>
        model('pmc-llama-13b', 'f16', [
          ...['--chunk', tokens, '--decode', '2'],
          ...pick(
            ['--layers', '10', '--prefill', '1024'],
            ['--layers', '1', '--prefill', '20', '--repeat', '1'],
          ),
        ]),
      ),
    },
    // The forms that are the default, of one token and one shape.
    {
      name: 'formats',
      limitSeconds: 40,
      commands: {
        matvec: kernels(
          {
            shapes: pick('5120x5120', '512x2048'),
            types: pick([...compared, ...others].join(','), 'q4_0,q2_k'),
            tokens: '1',
          },
          'matvec',
        ),
      },
    },
    {
      name: 'subgroup-matrices',
      limitSeconds: 30,
      commands: { product: ['bench/gpu/subgroup-matrices.mjs', ...(isQuick ? ['--quick'] : [])] },
    },
  ];
}
