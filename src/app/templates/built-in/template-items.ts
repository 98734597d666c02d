import type { TaskTemplate } from '../../../client/index.ts';
import type { PickItem } from '../../controls/pick-list.tsx';
import { builtInTemplates } from './all.ts';

/** All templates as a list shows them, the reader's own last. */
export function templateItems(own: readonly TaskTemplate[]): PickItem[] {
  const items = (templates: readonly TaskTemplate[], group: string) =>
    templates.map(({ id, name, about }) => ({ id, name, group, detail: about }));
  return [...items(builtInTemplates, 'With Bedside'), ...items(own, 'Your own')];
}
