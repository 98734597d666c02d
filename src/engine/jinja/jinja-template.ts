import { BedsideError } from '../errors.ts';
import { checkNames } from './known-names.ts';
import { parseTemplate } from './parser.ts';
import type { Body } from './syntax.ts';
import { templateError, templateTooLarge } from './template-errors.ts';

/** The largest published chat template has 17 thousand characters. */
const largestTemplate = 256 * 1024;

/** A chat template, read and ready to be rendered any number of times. */
export interface JinjaTemplate {
  /** Characters of its source, in UTF-16 units. */
  readonly characters: number;
  readonly body: Body;
}

/** @throws BedsideError `unusable-template` */
export function compileJinja(source: string): JinjaTemplate {
  if (source.length > largestTemplate) throw templateTooLarge(source.length, largestTemplate);
  return { characters: source.length, body: guarded(() => read(source)) };
}

function read(source: string): Body {
  const body = parseTemplate(source);
  checkNames(body);
  return body;
}

/** Nothing but our own errors leaves this room, whatever a stranger's program brings about. */
export function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof BedsideError) throw thrown;
    throw templateError(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown));
  }
}
