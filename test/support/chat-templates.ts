import type { JsonValue } from '../../src/engine/jinja/from-json.ts';
import type { TemplateMessage } from '../../src/engine/templates/render-messages.ts';
import { dataFile, fixture, readJson } from './data.ts';

/** A chat template and what Python's Jinja makes of conversations with it. */
export interface GoldenTemplate {
  /** Absent or empty where the model names none. */
  bos?: string;
  eos?: string;
  template: string;
  cases: GoldenCase[];
}

export interface GoldenCase {
  name: string;
  messages: TemplateMessage[];
  add_generation_prompt: boolean;
  context?: Record<string, JsonValue>;
  rendered?: string;
  raises?: string;
  /** [start, end, message, form] in UTF-16 units of `rendered`; absent where contents are lists of parts. */
  contents?: [start: number, end: number, message: number, form: string][];
}

/** Written for these tests; they are part of the repository. */
export const ownTemplates: [name: string, template: GoldenTemplate][] = Object.entries(
  readJson<Record<string, GoldenTemplate>>(fixture('jinja/own-templates.json')),
);

const everyFile = dataFile('testdata/chat-templates/golden.json');

/** With those of public models, which are their publishers', where BEDSIDE_DATA has them. */
export const goldenTemplates: [name: string, template: GoldenTemplate][] = everyFile
  ? Object.entries(readJson<{ templates: Record<string, GoldenTemplate> }>(everyFile).templates)
  : ownTemplates;

/** The time at which they were rendered, in local time. */
export const goldenNow = new Date(2026, 2, 9, 14, 5);
