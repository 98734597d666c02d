import { type SampleImage, toErrorData } from '../../client/index.ts';
import type { Services } from '../services/services.ts';
import { FileListing } from './images/file-listing.ts';
import type { UiStore } from './page/ui-store.ts';

/** The slices of a phantom that come with the site: a study without a patient. */
export const sampleStudy: readonly Pick<SampleImage, 'url' | 'name'>[] = Array.from(
  { length: 20 },
  (_, at) => {
    const name = `slice-${`${at + 1}`.padStart(2, '0')}.dcm`;
    return { url: `samples/study/${name}`, name };
  },
);

/** Opens it as if its folder had been dropped. What cannot be fetched is told of, and nothing is opened. */
export async function openSampleStudy(services: Pick<Services, 'fetchSample'>, ui: UiStore): Promise<void> {
  try {
    const files = await Promise.all(
      sampleStudy.map(sample => services.fetchSample({ ...sample, description: '', question: '' })),
    );
    const picked = files.map(file => ({ file, path: `Synthetic phantom/${file.name}` }));
    ui.getState().openDialog({ kind: 'study', files: FileListing.of(picked) });
  } catch (thrown) {
    ui.getState().showToast(toErrorData(thrown).message);
  }
}
