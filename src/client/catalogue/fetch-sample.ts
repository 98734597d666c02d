import { BedsideError } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';
import type { SampleImage } from './catalogue.ts';

/** A sample as a file, as if it had been picked. Rejects with 'network'. */
export async function fetchSample(
  { url, name }: SampleImage,
  fetchFile: (url: string) => Promise<Response> = url => fetch(url),
): Promise<File> {
  try {
    const response = await fetchFile(url);
    if (!response.ok) throw new Error(`HTTP ${response.status} for ${url}`);
    const blob = await response.blob();
    return new File([blob], name, { type: blob.type });
  } catch (thrown) {
    throw new BedsideError(
      'network',
      sentence`sample-not-fetched: The sample image could not be fetched.`,
      'Check the connection and try again, or attach an image of your own.',
      thrown,
    );
  }
}
