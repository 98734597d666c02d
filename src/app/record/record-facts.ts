/** A record in rows of terms and values. */
import { type AnswerRecord, type Message, templateNames, type VisionUse } from '../../client/index.ts';
import type { FactRow } from '../controls/fact-list.tsx';
import { computedOnInWords } from '../format/computed-on.ts';
import { memoryNames } from '../format/memory-names.ts';
import { formatMoment } from '../format/moment.ts';
import { formatCount, formatDuration, formatParameters, formatSpeed, plural } from '../format/quantities.ts';
import { samplingInWords } from '../format/sampling-in-words.ts';
import { stopReasonInWords } from '../format/stop-reason.ts';
import { tilingModeLabels } from '../format/tiling.ts';
import { viewsInWords } from '../format/vision.ts';

export function writerFacts({ model, device, product }: AnswerRecord, answer: Message): FactRow[] {
  return [
    ['Model', model.name],
    ['Weights', `${model.quantisation}, ${formatParameters(model.parameterCount)} parameters`],
    ['SHA-256 of the file', model.sha256?.join(', ') ?? 'not known: the file was not hashed'],
    [
      'Computed on',
      withoutVerb(computedOnInWords(answer) ?? computedOnInWords({ computedOn: [device.computedOn] })),
    ],
    ['Memory of the conversation', memoryNames[device.precision]],
    ['Kernels', [device.variant, ...device.forms].join('; ')],
    ['Bedside', `${product.version}, build ${product.build}`],
  ];
}

export function requestFacts({ request, askedAt }: AnswerRecord): FactRow[] {
  const { template, system, includeHistory, sampling, maxTokens, thoughtTokens, tiling } = request;
  const rows: [term: string, value: string | false][] = [
    ['Asked', formatMoment(askedAt)],
    ['Template', template === 'file' ? 'that of its file' : templateNames[template]],
    ['System message', system ?? 'as the template has it'],
    ['Choice of words', samplingInWords(sampling)],
    ['Seed', sampling.temperature === 0 ? `${sampling.seed}, without effect here` : `${sampling.seed}`],
    ['Answer limit', plural(maxTokens, 'token')],
    ['Limit for thinking', plural(thoughtTokens, 'token')],
    ['Earlier turns', includeHistory ? 'read as far as they fit' : 'not read'],
    ['Images', tiling !== undefined && imagesInWords(tiling.mode, request.compressImages)],
  ];
  return rows.filter((row): row is FactRow => row[1] !== false);
}

export function outcomeFacts({ prompt, answer, request }: AnswerRecord): FactRow[] {
  const { usage, stopReason } = answer;
  const rows: [term: string, value: string | false][] = [
    ['Prompt', `${plural(usage.promptTokens, 'token')} of ${formatCount(prompt.contextTokens)}`],
    ['Left out', prompt.droppedMessages > 0 ? plural(prompt.droppedMessages, 'earlier message') : 'nothing'],
    [
      'Still in memory',
      usage.cachedTokens > 0 ? `${plural(usage.cachedTokens, 'token')} of the prompt` : 'nothing',
    ],
    ['Answer', plural(usage.generatedTokens, 'token')],
    ['Begun before', request.begunTokens > 0 && plural(request.begunTokens, 'token')],
    ['Ended', stopReasonInWords(stopReason, prompt.contextTokens) ?? 'by itself'],
    ['Prompt read in', formatDuration(usage.prefillMs)],
    ['First token after', usage.timeToFirstTokenMs > 0 && formatDuration(usage.timeToFirstTokenMs)],
    ['Speed', usage.tokensPerSecond > 0 && formatSpeed(usage.tokensPerSecond)],
  ];
  return rows.filter((row): row is FactRow => row[1] !== false);
}

/** A row an image, by the names that the questions gave them. */
export function sightFacts({ images }: VisionUse, names: ReadonlyMap<string, string>): FactRow[] {
  return images.map(({ id, views, keptTokens }) => {
    const parts = views.map(({ name, grid: [columns, rows] }) => `${name} ${columns} × ${rows}`);
    return [
      names.get(id) ?? 'An image',
      `${parts.join(', ')}; in all ${viewsInWords(views)}, ${formatCount(keptTokens)} of them in the prompt`,
    ];
  });
}

function imagesInWords(mode: keyof typeof tilingModeLabels, isCompressed = false): string {
  return `${tilingModeLabels[mode]}${isCompressed ? ', compressed' : ''}`;
}

const withoutVerb = (words = 'not known'): string => words.replace(/^computed on /, '');
