import { researchNotice } from '../format/research-notice.ts';
import {
  answersNote,
  type DescribedSource,
  type DescribedTurn,
  describeConversation,
} from './describe-conversation.ts';
import type { OpenedConversation } from './open-records.ts';
import { readPictures } from './pictures.ts';

/** Text that reads as it is. Images stand at its end, as the addresses that their names refer to. */
export async function writeMarkdown(opened: OpenedConversation): Promise<string> {
  const { title, origin, turns } = describeConversation(opened);
  const pictures = await readPictures(opened);
  const places = new Map([...pictures.keys()].map((key, index) => [key, `image-${index + 1}`]));
  const blocks = [
    `# ${inOneLine(title)}`,
    `${origin}. **${researchNotice}** ${answersNote}`,
    ...turns.map(turn => turnAsMarkdown(turn, places)),
    ...[...pictures].map(([key, address]) => `[${places.get(key)}]: ${address}`),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function turnAsMarkdown(turn: DescribedTurn, places: ReadonlyMap<string, string>): string {
  const images = turn.images.map(({ key, label, shapes }) => {
    const place = places.get(key);
    const words = inOneLine(label).replace(/[[\]\\]/g, '\\$&');
    const image = place ? `![${words}][${place}]` : `[Image: ${words}; not part of this file]`;
    const marks = shapes.map(shape => `- ${inOneLine(shape.words)}`);
    return [image, ...(marks.length > 0 ? ['', ...marks] : [])].join('\n');
  });
  const facts = turn.facts.map(fact => `- ${inOneLine(fact)}`).join('\n');
  return [`## ${inOneLine(turn.heading)}`, facts, ...images, ...turn.sources.map(sourceAsMarkdown), turn.text]
    .filter(Boolean)
    .join('\n\n');
}

/** As it is: behind a fence that is longer than any in it. */
function sourceAsMarkdown({ label, text }: DescribedSource): string {
  const fences = text.match(/`{3,}/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...fences.map(({ length }) => length + 1)));
  return `Text: ${inOneLine(label)}\n\n${fence}text\n${text}\n${fence}`;
}

const inOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
