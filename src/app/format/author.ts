/** Which model wrote an answer: the same words under it, in print, in what is given out and wherever else it is named. */
import type { Message } from '../../client/index.ts';
import { computedOnInWords } from './computed-on.ts';
import { formatParameters } from './quantities.ts';

type Answer = Pick<Message, 'model' | 'modelKind' | 'identity'>;

/**
 * By the name that it gives itself. Earlier versions stored of a reader's file only under which entry it was opened, which proves
 * nothing. Undefined where no model has begun.
 */
export function authorOf({ model, modelKind }: Answer): string | undefined {
  return model !== undefined && modelKind === 'bring-your-own' ? `a file opened as ${model}` : model;
}

/** With what tells a reader's model from others of its name: "SmolLM2 (134.5 million parameters, Q4_1, by HuggingFaceTB)". */
export function authorInFull(answer: Answer): string | undefined {
  const author = authorOf(answer);
  const more = factsOf(answer);
  return author === undefined || more.length === 0 ? author : `${author} (${more.join(', ')})`;
}

/** Over a message that is printed or given out: "Question", or whose answer it is and what computed it. */
export function originInWords(message: Answer & Pick<Message, 'role' | 'computedOn' | 'edit'>): string {
  if (message.role === 'user') return 'Question';
  const author = authorInFull(message);
  const origin = author ? `Answer of ${author}` : 'Answer';
  return [origin, message.edit && 'edited by the reader', computedOnInWords(message)]
    .filter(Boolean)
    .join(', ');
}

/** Of what comes with the site its name says enough. */
function factsOf({ modelKind, identity }: Answer): string[] {
  if (!identity || (modelKind !== 'own' && modelKind !== 'installed')) return [];
  const { parameterCount, quantisation, publisher, looksLike } = identity;
  return [
    parameterCount !== undefined && `${formatParameters(parameterCount)} parameters`,
    quantisation,
    publisher !== undefined && `by ${publisher}`,
    looksLike !== undefined && `looks like ${looksLike}`,
  ].filter(fact => fact !== false && fact !== undefined);
}
