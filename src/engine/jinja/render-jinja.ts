import { getAttribute, getItem } from './attributes.ts';
import { Budget } from './budget.ts';
import { filters, notKnownFilters } from './filters.ts';
import { JsonReader, type JsonValue } from './from-json.ts';
import { globals } from './functions.ts';
import { guarded, type JinjaTemplate } from './jinja-template.ts';
import { Output } from './output.ts';
import { reunite } from './reunite.ts';
import { Scope } from './scope.ts';
import { execute } from './statements.ts';
import { templateError, unknownConstruct } from './template-errors.ts';
import { tests } from './tests.ts';
import type { Arguments, Run, Value } from './values.ts';

export interface JinjaVariables {
  readonly messages: readonly Readonly<Record<string, JsonValue | undefined>>[];
  readonly add_generation_prompt: boolean;
  /**
   * Further plain values: `bos_token`, `eos_token`, `tools`, `documents`, `enable_thinking`, `date_string`... They are not marked as
   * written. One that is missing is undefined in the template.
   */
  readonly [name: string]: JsonValue | undefined;
}

export interface RenderedTemplate {
  readonly text: string;
  /**
   * Stretches of `text` that people or the model wrote, in UTF-16 units, end exclusive, ascending, neighbours of one message joined.
   * Everything else is the template's own. What a template makes of a written text counts as written.
   */
  readonly written: readonly { readonly start: number; readonly end: number; readonly message: number }[];
}

/** Far more than a conversation said over; far less than what would be felt. */
const baseOutput = 64 * 1024;
const outputPerInput = 8;

/**
 * Renders a chat template as transformers does: jinja2 in its immutable sandbox, with `trim_blocks`, `lstrip_blocks` and loop
 * controls.
 * @throws BedsideError `unusable-template`: reason `template-refuses` (the template itself called `raise_exception`; its words are
 *   `values.said`), `template-too-long-running`, `template-output-too-large`, `template-construct` (names what is not known),
 *   `template-error`
 */
export function renderJinja(
  template: JinjaTemplate,
  variables: JinjaVariables,
  options: { readonly now: Date },
): RenderedTemplate {
  return guarded(() => {
    const scope = new Scope();
    for (const [name, value] of globals) scope.set(name, value);
    const reader = new JsonReader();
    const { messages, ...others } = variables;
    scope.set('messages', reader.messages(messages));
    for (const [name, value] of Object.entries(others))
      if (value !== undefined) scope.set(name, reader.value(value));

    const input = reader.characters + template.characters;
    const budget = new Budget(input);
    const output = new Output(budget, baseOutput + outputPerInput * input);
    execute(makeRun(budget, options.now), template.body, scope, output);
    const contents = messages.map(({ content }) => (typeof content === 'string' ? content : undefined));
    const { text, marks } = reunite(output.whole(), contents);
    return { text, written: marks };
  });
}

function makeRun(budget: Budget, now: Date): Run {
  const run: Run = {
    budget,
    now,
    callFilter: (name: string, value: Value, args: Arguments) => {
      const filter = filters.get(name);
      if (filter) return nested(budget, () => filter(run, value, args));
      if (notKnownFilters.includes(name)) throw unknownConstruct(`the filter ${name}`);
      throw templateError(`No filter named '${name}'.`);
    },
    callTest: (name: string, value: Value, args: Arguments) => {
      const test = tests.get(name);
      if (!test) throw templateError(`No test named '${name}'.`);
      return nested(budget, () => test(run, value, args));
    },
    getAttribute: (value, name) => getAttribute(run, value, name),
    getItem: (value, key) => getItem(run, value, key),
  };
  return run;
}

function nested<T>(budget: Budget, work: () => T): T {
  budget.step();
  budget.enter();
  const value = work();
  budget.leave();
  return value;
}
