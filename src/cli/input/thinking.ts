import type { LanguageModel } from '../../engine/loading/load-model.ts';
import { sentence } from '../../engine/sentence.ts';
import type { TemplateChoice } from '../../engine/templates/template-ids.ts';
import { type Arguments, badArgument, type OptionTable } from './arguments.ts';

export const thinkingOptions: OptionTable = { think: 'value', 'think-limit': 'value' };

/** --think on|off and --think-limit N; what is not said is as the template and the engine have it. */
export interface Thinking {
  isOn?: boolean;
  limitTokens?: number;
}

export function readThinking(args: Arguments): Thinking {
  const said = args.text('think');
  if (said !== undefined && said !== 'on' && said !== 'off')
    throw badArgument(sentence`think-option: --think must be on or off, not "${{ found: said }}".`);
  const limitTokens = args.integer('think-limit');
  if (limitTokens !== undefined && limitTokens < 1)
    throw badArgument(sentence`think-limit-option: --think-limit must be at least 1 token.`);
  if (limitTokens !== undefined && args.text('samples') !== undefined)
    throw badArgument(sentence`think-limit-of-samples: --think-limit and --samples exclude each other.`);
  return {
    ...(said === undefined ? {} : { isOn: said === 'on' }),
    ...(limitTokens === undefined ? {} : { limitTokens }),
  };
}

/** What tells the template of the model's file. @throws `invalid-request` where it has no switch, or another template is used */
export function optionOfThinking(
  { isOn }: Thinking,
  model: Pick<LanguageModel, 'fileTemplate'>,
  template: TemplateChoice,
): Record<string, string | boolean> {
  if (isOn === undefined) return {};
  const thinking = template === 'file' ? model.fileTemplate?.summary.thinking : undefined;
  if (!thinking)
    throw badArgument(
      sentence`thinking-has-no-switch: --think has no meaning here: the template has no switch for thinking.`,
    );
  return { [thinking.variable]: isOn ? thinking.on : thinking.off };
}
