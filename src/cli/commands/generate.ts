import { answer } from '../../engine/generation/answer.ts';
import { greedySampling, type SamplingSettings, type TemplateId } from '../../engine/types.ts';
import { type Arguments, badArgument, onlyWord, parseArguments } from '../arguments.ts';
import { loadFromPath } from '../load-from-path.ts';

const templates: TemplateId[] = ['pmc-llama', 'internlm2-chat', 'raw'];

/** Text as it comes, or with --json one object at the end. */
export async function generate(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, {
    prompt: 'value',
    template: 'value',
    system: 'value',
    'max-tokens': 'value',
    temperature: 'value',
    'top-k': 'value',
    'top-p': 'value',
    'min-p': 'value',
    'repetition-penalty': 'value',
    seed: 'value',
    json: 'flag',
  });
  const prompt = args.text('prompt');
  if (prompt === undefined) throw badArgument('--prompt is missing.');
  const path = onlyWord(args, 'The model file');
  const chosen = args.text('template');
  if (chosen !== undefined && !templates.includes(chosen as TemplateId)) {
    throw badArgument(`--template must be one of ${templates.join(', ')}, not "${chosen}".`);
  }
  const sampling = readSampling(args);
  const maxTokens = args.integer('max-tokens') ?? 400;
  const model = await loadFromPath(args, path);
  const template =
    (chosen as TemplateId | undefined) ??
    (model.config.architecture === 'internlm2' ? 'internlm2-chat' : 'pmc-llama');
  const json = args.flag('json');
  const result = await answer(
    model,
    {
      template,
      includeHistory: false,
      ...(args.text('system') === undefined ? {} : { system: args.text('system')! }),
      messages: [{ role: 'user', text: prompt }],
      sampling,
      maxTokens,
    },
    json ? {} : { onText: text => void process.stdout.write(text) },
  );
  if (!json) {
    process.stdout.write('\n');
    return undefined;
  }
  return { ids: result.ids, text: result.text, stopReason: result.stopReason, usage: result.usage };
}

/** Greedy unless a temperature is given. */
function readSampling(args: Arguments): SamplingSettings {
  return {
    temperature: args.number('temperature') ?? greedySampling.temperature,
    topK: args.integer('top-k') ?? greedySampling.topK,
    topP: args.number('top-p') ?? greedySampling.topP,
    minP: args.number('min-p') ?? greedySampling.minP,
    repetitionPenalty: args.number('repetition-penalty') ?? greedySampling.repetitionPenalty,
    seed: args.integer('seed') ?? greedySampling.seed,
  };
}
