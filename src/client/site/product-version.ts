import { version } from '../../../package.json';
import type { ProductVersion } from '../../storage/answer-records.ts';

/** Which Bedside this is. The build is the name of the page's script, which tells its content and that of all that it loads. */
export function productVersion(): ProductVersion {
  const script = document.querySelector<HTMLScriptElement>('script[type="module"][src]');
  const build = /([^/]+)\.js$/.exec(script?.src ?? '')?.[1] ?? 'unbuilt';
  return { version, build };
}
