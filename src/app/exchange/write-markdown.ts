import { researchNotice } from '../format/research-notice.ts';
import { toBase64 } from './base64.ts';
import { answersNote, type DescribedTurn, describeConversation } from './describe-conversation.ts';
import type { OpenedConversation } from './open-records.ts';
import { isShownByBrowsers } from './shown-types.ts';

/** Text that reads as it is. Images stand at its end, as the addresses that their names refer to. */
export async function writeMarkdown(opened: OpenedConversation): Promise<string> {
  const { title, origin, turns } = describeConversation(opened);
  const places = new Map([...opened.images.keys()].map((id, index) => [id, `image-${index + 1}`]));
  const blocks = [
    `# ${inOneLine(title)}`,
    `${origin}. **${researchNotice}** ${answersNote}`,
    ...turns.map(turn => turnAsMarkdown(turn, places)),
  ];
  const addresses: string[] = [];
  for (const [id, { image }] of opened.images) {
    if (!isShownByBrowsers(image.mediaType)) continue;
    const data = toBase64(new Uint8Array(await image.blob.arrayBuffer()));
    addresses.push(`[${places.get(id)}]: data:${image.mediaType};base64,${data}`);
  }
  return `${[...blocks, ...addresses].join('\n\n')}\n`;
}

function turnAsMarkdown(turn: DescribedTurn, places: ReadonlyMap<string, string>): string {
  const images = turn.images.map(({ id, label, found }) => {
    const isShown = found && isShownByBrowsers(found.image.mediaType);
    const words = inOneLine(label).replace(/[[\]\\]/g, '\\$&');
    return isShown ? `![${words}][${places.get(id)}]` : `[Image: ${words}; not part of this file]`;
  });
  const facts = turn.facts.map(fact => `- ${inOneLine(fact)}`).join('\n');
  return [`## ${inOneLine(turn.heading)}`, facts, ...images, turn.text].filter(Boolean).join('\n\n');
}

const inOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
