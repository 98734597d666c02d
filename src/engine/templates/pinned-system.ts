import type { TemplateId } from './template-ids.ts';
import { templateOf } from './templates.ts';

export interface PinnedSystem {
  /** Whether prompts of the template hold a system message at all. */
  isRead: boolean;
  /** The one that models were trained with; empty where there is none. */
  text: string;
}

const question = { role: 'user', text: 'q' } as const;
const mark = '\ue000';

/** What becomes of a system message in a pinned template. */
export function pinnedSystem(id: TemplateId): PinnedSystem {
  const template = templateOf(id);
  const parts = template.render({ question, earlier: [], system: mark });
  return { isRead: parts.some(({ text }) => text.includes(mark)), text: template.system ?? '' };
}
