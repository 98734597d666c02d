import { dataFile, fixture, readJson } from './data.ts';

/** A conversation, and what Python's jinja2 made of it with a template. */
export interface TemplateCase {
  name: string;
  messages: Record<string, never>[];
  add_generation_prompt: boolean;
  context?: Record<string, never>;
  rendered?: string;
  raises?: string;
  raises_type?: string;
  /** Start and end in `rendered`, message, and how the template cut it. Absent where a content is a list. */
  contents?: [number, number, number, string][];
}

export interface TemplateCases {
  bos?: string;
  eos?: string;
  template: string;
  cases: TemplateCase[];
}

/** Templates written for Bedside, by name. */
export const ownTemplates = readJson<Record<string, TemplateCases>>(fixture('jinja/own-templates.json'));

const published = dataFile('testdata/chat-templates/golden.json');

/** These and those of published models; undefined without BEDSIDE_DATA. */
export const allTemplates =
  published && readJson<{ templates: Record<string, TemplateCases> }>(published).templates;

/** Small pieces of templates with what Python gives. */
export interface Snippets {
  context: Record<string, never>;
  snippets: { template: string; rendered?: string; raises?: string }[];
}

export const snippets = readJson<Snippets>(fixture('jinja/snippets.json'));

interface PythonProbes {
  context: Record<string, never>;
  /** A template and what it gives; nothing where Python raises. */
  probes: ([string, string] | [string])[];
  /** What Python renders and Bedside refuses, with the name by which it does. */
  refused: { template: string; construct: string }[];
}

const python = readJson<PythonProbes>(fixture('jinja/python.json'));
export const refusedConstructs = python.refused;

/** Found by comparing random templates with Python. */
export const pythonProbes: Snippets = {
  context: python.context,
  snippets: python.probes.map(([template, rendered]) => ({
    template,
    ...(rendered === undefined ? {} : { rendered }),
  })),
};

interface HostileTemplates {
  context: Record<string, never>;
  templates: ({ name: string } & ({ template: string } | { template_expression: string }))[];
}

const hostile = readJson<HostileTemplates>(fixture('jinja/hostile.json'));
export const hostileContext = hostile.context;

/** Large ones are stored as the JavaScript that makes them. */
export const hostileTemplates = hostile.templates.map(entry => ({
  name: entry.name,
  template:
    'template' in entry ? entry.template : (new Function(`return ${entry.template_expression}`)() as string),
}));

/** When the references were made, in local time. */
export const referenceNow = new Date(2026, 2, 9, 14, 5);

export function variablesOf(template: TemplateCases, given: TemplateCase) {
  const { bos, eos } = template;
  return {
    messages: given.messages,
    add_generation_prompt: given.add_generation_prompt,
    tools: null,
    documents: null,
    ...(bos ? { bos_token: bos } : {}),
    ...(eos ? { eos_token: eos } : {}),
    ...given.context,
  };
}
