import { imageKey, type ListedView, type Message, plainPresentation } from '../../client/index.ts';
import type { OpenedConversation } from './open-records.ts';

/** How questions show their images, each view once with what is marked on it, in the order in which they were asked. */
export function listViews({ tree }: Pick<OpenedConversation, 'tree'>): ListedView[] {
  const views = new Map<string, ListedView>();
  for (const { images = [] } of tree.messages as readonly Message[]) {
    for (const { id, width, height, presentation = plainPresentation, regions = [] } of images) {
      const view = { image: { sha256: id, width, height }, presentation, regions };
      // A later question's marks may be others.
      views.set(`${imageKey(id, presentation)} ${JSON.stringify(regions)}`, view);
    }
  }
  return [...views.values()];
}
