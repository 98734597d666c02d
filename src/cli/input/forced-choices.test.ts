import { expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';
import { forcedChoices } from './forced-choices.ts';

const read = (...argv: string[]) => forcedChoices(parseArguments(argv, {}));

it('reads which candidates are forced', () => {
  expect(read()).toBeUndefined();
  expect(read('--choices', '{"matvec q4_0": "teams-4"}')).toEqual({ 'matvec q4_0': 'teams-4' });
});

it.each(['teams-4', '["teams-4"]', 'null', '{"matvec q4_0": 4}', ''])('refuses %j', text => {
  expect(() => read(`--choices=${text}`)).toThrow(/--choices must be a JSON object/);
});
