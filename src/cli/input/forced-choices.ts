import type { KernelChoices } from '../../engine/device/kernel-choices.ts';
import { sentence } from '../../engine/sentence.ts';
import { type Arguments, badArgument } from './arguments.ts';

/**
 * Candidates that --choices forces on classes of launches, to measure one beside another: JSON such as
 * `{"matvec q4_0": "teams-4"}`; undefined without the option.
 */
export function forcedChoices(args: Arguments): KernelChoices | undefined {
  const text = args.text('choices');
  if (text === undefined) return undefined;
  try {
    const choices: unknown = JSON.parse(text);
    const isObject = typeof choices === 'object' && choices !== null && !Array.isArray(choices);
    if (isObject && Object.values(choices).every(name => typeof name === 'string'))
      return choices as KernelChoices;
  } catch {
    // Said below, as of everything else that is no such object.
  }
  throw badArgument(
    sentence`choices-option: --choices must be a JSON object of classes and candidates, not ${{ found: text }}.`,
  );
}
