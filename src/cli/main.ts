import { toErrorData } from '../engine/errors.ts';
import { sentence } from '../engine/sentence.ts';
import { templateIds } from '../engine/templates/template-ids.ts';
import { bench } from './commands/bench.ts';
import { convert } from './commands/convert.ts';
import { generate } from './commands/generate.ts';
import { info } from './commands/info.ts';
import { kernels } from './commands/kernels.ts';
import { logits } from './commands/logits.ts';
import { synthetic } from './commands/synthetic.ts';
import { test } from './commands/test.ts';
import { tokenize } from './commands/tokenize.ts';
import { vision } from './commands/vision.ts';
import { badArgument } from './input/arguments.ts';

const commands: Record<string, (argv: string[]) => Promise<unknown>> = {
  info,
  tokenize,
  logits,
  generate,
  vision,
  bench,
  convert,
  synthetic,
  kernels,
  test,
};

const usage = `bedside COMMAND ...
  info MODEL.gguf
  tokenize MODEL.gguf --text T [--special] [--bos]
  logits MODEL.gguf --ids 1,2,3 [--top N] [--all-positions] [--out F.f32]
  generate MODEL.gguf --prompt T [--template ${templateIds.join('|')}] [--system T] [--max-tokens N]
           [--temperature X --top-k K --top-p P --min-p P --repetition-penalty R --seed S] [--json]
           [--mmproj F --image P [--image P2] [--tiling msac|dynamic|single] [--preset demo|ocrbench|docvqa|...]
           [--compress]] [--context N]
  vision MMPROJ.gguf --image P [--tiling msac|dynamic|single] [--preset P] [--out F.f32]
  bench MODEL.gguf | --synthetic pmc-llama-13b|mini-monkey-2b | --matvec ROWSxCOLUMNS [--tokens N] [--type q4_0]
        [--layers N] [--prefill N] [--decode N] [--context N] [--tiles N] [--repeat R]
  bench MODEL.gguf | --synthetic NAME --contexts 64,512,2048 [--layers N] [--decode N] [--tiles N] [--repeat R]
  bench --kernels [--quick] [--shapes ROWSxCOLUMNS,...] [--types q4_0,...] [--tokens 1,128,512] [--contexts 64,2048]
        [--repeat R]
  convert DIR|URL --out F.gguf [--quant q4_0|q8_0|f16] [--mmproj F2.gguf] [--force]
  synthetic pmc-llama-13b|mini-monkey-2b --out F.gguf [--layers N] [--type q4_0]
  kernels [--json]         every kernel in every variant, composed; needs no device
           e.g. kernels --json > kernels.json
  test [--json] [--only TEXT]   every kernel beside its scalar twin on this adapter; fails where one is not right
           e.g. test --adapter lavapipe --only attention
Every command: [--adapter default|lavapipe|swiftshader] [--precision f32|f16|q8]
`;

/** JSON on standard output; a failure is {"error": ...} there too, and a non-zero exit. A command may set the exit code. */
async function main(): Promise<number> {
  const [name, ...argv] = process.argv.slice(2);
  try {
    const command = name === undefined ? undefined : commands[name];
    if (!command) {
      process.stderr.write(usage);
      throw badArgument(
        name === undefined
          ? sentence`command-is-missing: A command is missing.`
          : sentence`no-such-command: There is no command "${{ command: name }}".`,
      );
    }
    const result = await command(argv);
    if (result !== undefined) await write(`${JSON.stringify(result)}\n`);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    await write(`${JSON.stringify({ error: toErrorData(error) })}\n`);
    return 1;
  }
}

function write(text: string): Promise<void> {
  return new Promise(resolve => process.stdout.write(text, () => resolve()));
}

// Dawn keeps the event loop alive.
process.exit(await main());
