import { formatBytes, formatCount, formatParameters, plural } from '../../engine/quantities.ts';
import type { SamplingSettings } from '../../engine/types/sampling.ts';
import { chatTemplateFacts } from './chat-template-summary.ts';
import type { ModelSummary } from './model-summary.ts';
import { formatTable } from './table.ts';

/** For a terminal: what the model is, whether it runs, what it takes, what it is made of. */
export function summaryInWords(summary: ModelSummary): string {
  const { tensorTypes, memory, contextLength } = summary;
  const facts: [string, string | null][] = [
    ['name', namedInWords(summary)],
    ['recognised', recognisedInWords(summary)],
    ['what it is', whatItIs(summary)],
    ...describedBy(summary),
    ['context', contextLength === null ? null : plural(contextLength, 'token')],
    ['file', formatBytes(summary.fileBytes)],
    ...tokenizerFacts(summary),
    ...chatTemplateFacts(summary.chatTemplate, summary.askedWith),
    ['words', samplingInWords(summary)],
    ['runs', runsInWords(summary)],
  ];
  const shown = facts.filter((fact): fact is [string, string] => fact[1] !== null);
  const width = Math.max(...shown.map(([label]) => label.length));
  const parts = [shown.map(([label, words]) => `${label.padEnd(width)}  ${printable(words)}`).join('\n')];
  if (memory.length > 0) {
    parts.push(
      formatTable(
        ['conversation', 'on the device', 'of that keys and values', 'precision'],
        memory.map(({ contextTokens, deviceBytes, cacheBytes, precision }) => [
          plural(contextTokens, 'token'),
          formatBytes(deviceBytes),
          formatBytes(cacheBytes),
          precision,
        ]),
      ),
    );
  }
  parts.push(
    formatTable(
      ['tensors of type', 'number', 'parameters', 'size'],
      tensorTypes.map(({ type, tensors, parameters, bytes }) => [
        type,
        formatCount(tensors),
        formatParameters(parameters),
        formatBytes(bytes),
      ]),
    ),
  );
  return parts.join('\n\n');
}

function whatItIs({ architecture, parameterCount, tensorTypes }: ModelSummary): string {
  const parameters = `${formatParameters(parameterCount)} parameters`;
  const [most] = tensorTypes;
  return [architecture, parameters, most && `mostly ${most.type}`].filter(Boolean).join(', ');
}

function namedInWords({ identity: { name, namedBy } }: ModelSummary): string {
  return namedBy === 'file' ? name : `${name} (the file gives none)`;
}

/** The name under which the page shows it, where that is not the file's. */
function recognisedInWords({ recognised: { by, names } }: ModelSummary): string | null {
  if (by === 'none') return null;
  return by === 'hash' ? `${names[0]}, by its hash` : `not for certain: it looks like ${names.join(' or ')}`;
}

/** What its publisher says of it. */
function describedBy({ identity }: ModelSummary): [string, string | null][] {
  const { publisher, bases, finetune, sizeLabel, licence, licenceAddress, languages, address } = identity;
  return [
    ['publisher', publisher ?? null],
    ['based on', bases?.join(', ') ?? null],
    ['fine-tune', finetune ?? null],
    ['size', sizeLabel ?? null],
    ['licence', [licence, licenceAddress].filter(Boolean).join(', ') || null],
    ['languages', languages?.join(', ') ?? null],
    ['address', address ?? null],
  ];
}

function tokenizerFacts({ tokenizer }: ModelSummary): [string, string | null][] {
  if (!tokenizer) return [['tokenizer', 'none']];
  const { kind, model, preTokenizer, pieces, merges, bos, endTokens } = tokenizer;
  const named = ({ id, piece }: { id: number; piece: string }) => `${piece} (${id})`;
  const counts = [plural(pieces, 'piece'), merges > 0 && plural(merges, 'merge')].filter(Boolean).join(', ');
  // SentencePiece cuts by no rule, whatever the file says.
  const rule = preTokenizer === null || model !== 'gpt2' ? '' : `, rule "${preTokenizer}"`;
  return [
    ['tokenizer', `${kind} ("${model}"${rule}), ${counts}`],
    ['start token', bos && named(bos)],
    ['end tokens', endTokens.length > 0 ? endTokens.map(named).join(', ') : 'none named'],
  ];
}

const settingInWords: Readonly<Record<keyof SamplingSettings, string>> = {
  temperature: 'temperature',
  topK: 'top-k',
  topP: 'top-p',
  minP: 'min-p',
  repetitionPenalty: 'repetition penalty',
  repetitionWindow: 'repetition window',
  seed: 'seed',
};

/** How they are to be chosen, as the file recommends. */
function samplingInWords({ sampling }: ModelSummary): string | null {
  if (!sampling) return null;
  const names = Object.keys(sampling.settings) as (keyof SamplingSettings)[];
  const followed = names.map(name => `${settingInWords[name]} ${sampling.settings[name]}`);
  const left = sampling.notFollowed.length > 0 ? `not followed: ${sampling.notFollowed.join(', ')}` : '';
  return [followed.join(', '), left].filter(Boolean).join('; ');
}

function runsInWords({ runs }: ModelSummary): string {
  return runs === true ? 'yes' : `no. ${runs.message} ${runs.advice}`;
}

/** Texts of a file are a stranger's: none may move the cursor or colour the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
}
