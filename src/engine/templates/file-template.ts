import { BedsideError } from '../errors.ts';
import { compileJinja, type JinjaTemplate } from '../jinja/jinja-template.ts';
import type { TemplateSummary } from '../types/template-summary.ts';
import { faultySummary, inspectTemplate, type PieceReader } from './inspect-template.ts';
import { type RenderedConversation, renderConversation } from './render-conversation.ts';
import { partsOf, type TurnMessage } from './render-messages.ts';
import type { Template, Turns } from './template.ts';

/** What the template of a file is used with. */
export interface FileTemplateParts {
  source: string;
  /** Texts of the vocabulary's start and end piece; absent where it has none. */
  bosPiece?: string | undefined;
  eosPiece?: string | undefined;
  pieces: PieceReader;
}

/** The template that a model's file brings: one that can be used, or why not. */
export interface FileTemplate {
  template: Template | BedsideError;
  summary: TemplateSummary;
}

/** Never throws for what is wrong with the template: its model may be asked in another way. */
export function openFileTemplate(parts: FileTemplateParts): FileTemplate {
  const { source, bosPiece, eosPiece, pieces } = parts;
  let compiled: JinjaTemplate;
  try {
    compiled = compileJinja(source);
  } catch (error) {
    if (!(error instanceof BedsideError)) throw error;
    return { template: error, summary: faultySummary(source, error) };
  }
  // Any day will do for a trial; a fixed one gives the same summary every time.
  const summary = inspectTemplate(source, compiled, { bosPiece, eosPiece, now: new Date(0) }, pieces);
  return {
    summary,
    template: summary.fault ? faultOf(summary.fault) : new OwnTemplate(compiled, summary, parts),
  };
}

function faultOf({ code, reason, message, values, advice, cause }: NonNullable<TemplateSummary['fault']>) {
  return new BedsideError(code, { reason, text: message, values }, advice, cause);
}

class OwnTemplate implements Template {
  readonly bos = 'by-vocabulary';
  readonly stopStrings: readonly string[];
  readonly stopPieces: readonly string[];
  readonly keepsThoughts: boolean;
  readonly #compiled: JinjaTemplate;
  readonly #parts: FileTemplateParts;
  /** Whether it says something by itself, which only an empty system message silences. */
  readonly #hasDefaultSystem: boolean;

  constructor(compiled: JinjaTemplate, summary: TemplateSummary, parts: FileTemplateParts) {
    this.#compiled = compiled;
    this.#parts = parts;
    this.#hasDefaultSystem = summary.defaultSystem !== undefined;
    this.keepsThoughts = summary.keepsThoughts ?? false;
    this.stopStrings = summary.stopString === undefined ? [] : [summary.stopString];
    this.stopPieces = summary.endPiece === undefined ? [] : [summary.endPiece];
  }

  render(turns: Turns) {
    return partsOf(this.#render(turns));
  }

  mendingsOf(turns: Turns) {
    return this.#render(turns).mendings;
  }

  #render({ question, earlier, system, date, options }: Turns): RenderedConversation {
    const { bosPiece, eosPiece } = this.#parts;
    const isSaid = system !== undefined && (system !== '' || this.#hasDefaultSystem);
    const messages: TurnMessage[] = [
      ...(isSaid ? [{ role: 'system' as const, content: system }] : []),
      ...[...earlier, question].map(({ role, text }) => ({ role, content: text })),
    ];
    const now = date === undefined ? new Date() : new Date(date);
    const context = { bosPiece, eosPiece, addGenerationPrompt: true, now, options };
    return renderConversation(this.#compiled, messages, context);
  }
}
