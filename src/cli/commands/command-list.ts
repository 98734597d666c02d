import { mostStepsInFlight } from '../../engine/models/pace/steps-in-flight.ts';
import { templateChoices } from '../../engine/templates/template-ids.ts';
import { quantisations } from '../../engine/types/quantisation.ts';
import { syntheticShapes } from '../synthetic/synthetic-shapes.ts';
import { bench } from './bench.ts';
import { convert } from './convert.ts';
import { dicom } from './dicom.ts';
import { generate } from './generate.ts';
import { info } from './info.ts';
import { kernels } from './kernels.ts';
import { logits } from './logits.ts';
import { synthetic } from './synthetic.ts';
import { template } from './template.ts';
import { test } from './test.ts';
import { tokenize } from './tokenize.ts';
import { vision } from './vision.ts';

const synthetics = Object.keys(syntheticShapes).join('|');
const quants = quantisations.join('|').toLowerCase();

interface Command {
  run: (argv: string[]) => Promise<unknown>;
  /** What may follow the name; lines after the first belong to the one before them where they are indented. */
  usage: string;
  /** What follows the name when it is really used. */
  example: string;
}

export const commands: Readonly<Record<string, Command>> = {
  info: {
    run: info,
    usage:
      'MODEL.gguf [--json]   what it is, whether it runs, what it takes; JSON where another program reads',
    example: 'nano.gguf --precision q8',
  },
  tokenize: {
    run: tokenize,
    usage: 'MODEL.gguf --text T | --texts FILE.json [--special] [--bos]',
    example: 'nano.gguf --text "What is asthma?" --bos',
  },
  template: {
    run: template,
    usage: '[MODEL.gguf] [--template FILE.jinja --bos T --eos T] --messages FILE.json [--date D]',
    example: 'model.gguf --messages conversation.json',
  },
  logits: {
    run: logits,
    usage: `MODEL.gguf --ids 1,2,3 [--top N] [--all-positions] [--out F.f32] [--hidden] [--mmproj F --image F...]
  [--chunk 128|256|512] [--allow-slow]`,
    example: 'nano.gguf --ids 1,306,338 --top 5',
  },
  generate: {
    run: generate,
    usage: `MODEL.gguf --prompt T | --messages FILE.json
  [--template ${templateChoices.join('|')}]
  [--system T] [--date D] [--max-tokens N]
  [--think on|off] [--think-limit N]   of models that think first; past the limit the thought is closed, and --max-tokens follow
  [--temperature X --top-k K --top-p P --min-p P --repetition-penalty R --repetition-window N]
  [--seed S] [--json]
  [--mmproj F --image P [--image P2] [--tiling msac|dynamic|single] [--preset demo|ocrbench|docvqa|...]
  [--frame N] [--window C,W|ct-colours|NAME] [--region X,Y,W,H] [--compress]] [--context N] [--chunk 128|256|512] [--allow-slow] [--no-lookup | --always-lookup]
  [--samples N]`,
    example: 'nano.gguf --prompt "What is asthma?" --template pmc-llama --max-tokens 200',
  },
  vision: {
    run: vision,
    usage: `MMPROJ.gguf --image P [--frame N] [--window C,W|ct-colours|NAME] [--region X,Y,W,H]
  [--tiling msac|dynamic|single] [--preset P] [--out F.f32]`,
    example: 'mmproj.gguf --image chest.png --tiling dynamic',
  },
  dicom: {
    run: dicom,
    usage:
      'FILE... [--frame N] [--out DIR]   what DICOM files hold, and their views as PNG; frames count from 0',
    example: 'chest.dcm --out views',
  },
  bench: {
    run: bench,
    usage: `MODEL.gguf [--mmproj F] | SYNTHETIC [--prefill N] [--decode N] [--context N] [--tiles N] [--chunk 128|256|512]
  [--in-flight 1..${mostStepsInFlight}] [--repeat R]
MODEL.gguf [--mmproj F] | SYNTHETIC --contexts 64,512,2048 [--decode N] [--tiles N] [--chunk 128|256|512] [--repeat R]
MODEL.gguf [--mmproj F] | SYNTHETIC --tune [--budget SECONDS] [--tiles N] [--chunk 128|256|512]
SYNTHETIC --beside NAME [--beside-layers N] [--prefill N] [--decode N] [--context N] [--repeat R]   bytes a second of both, in turns
SYNTHETIC --plan [--context N] [--tiles N] [--chunk 128|256|512]   what it would hold; needs no device
  SYNTHETIC: --synthetic NAME [--layers N]
  NAME: ${synthetics}
  [--type q4_0 | --quant ${quants}]
--matvec ROWSxCOLUMNS [--tokens N] [--type q4_0] [--repeat R]
--kernels [--quick] [--shapes ROWSxCOLUMNS,...] [--types q4_0,...] [--tokens 1,128,512] [--contexts 64,2048]
  [--repeat R] [--only TEXT]`,
    example: '--synthetic pmc-llama-13b --layers 2 --contexts 64,512',
  },
  convert: {
    run: convert,
    usage: `DIR|URL --out F.gguf [--quant ${quants}] [--mmproj F2.gguf] [--force]`,
    example: 'Mini-Monkey --out mini-monkey.gguf --quant q8_0 --mmproj mini-monkey-mmproj.gguf',
  },
  synthetic: {
    run: synthetic,
    usage: `NAME --out F.gguf [--layers N]
  NAME: ${synthetics}
  [--type q4_0 | --quant ${quants}]`,
    example: 'pmc-llama-13b --out synthetic.gguf --layers 2',
  },
  kernels: {
    run: kernels,
    usage: '[--json]         every kernel in every variant, composed; needs no device',
    example: '--json > kernels.json',
  },
  test: {
    run: test,
    usage:
      '[--json] [--only TEXT]   every kernel beside its scalar twin on this adapter; fails where one is not right',
    example: '--adapter lavapipe --only attention',
  },
};

const common =
  'Every command that computes with a model: [--tuning FILE.json], what bench --tune has written\nEvery command: [--adapter default|processor|lavapipe|swiftshader] [--threads N] [--rounded 16|8] [--precision f16|f32|q8|q4]';

/** How a command is called, and once so that it can be copied. */
export function describeCommand(name: string): string {
  const { usage, example } = commands[name]!;
  const indent = ' '.repeat(name.length);
  const lines = usage
    .split('\n')
    .map((line, i) =>
      i === 0 || !line.startsWith(' ') ? `  ${name} ${line}` : `  ${indent}${line.slice(1)}`,
    );
  return [...lines, `  ${indent} e.g. ${name} ${example}`].join('\n');
}

export function describeCommands(): string {
  const described = Object.keys(commands).map(describeCommand);
  return ['bedside COMMAND ...', ...described, common, ''].join('\n');
}

/** Of one command, with what every command takes. */
export function describeUsage(name: string): string {
  return ['bedside COMMAND ...', describeCommand(name), common, ''].join('\n');
}
