/** What becomes of stored models when a browser runs out of room: each family of browsers has rules of its own. */

export type BrowserFamily = 'chromium' | 'firefox' | 'safari' | 'other';

/** By what the browser says of itself. On iOS every browser stores as Safari does. */
export function browserFamily(userAgent: string): BrowserFamily {
  if (/\b(iPhone|iPad)\b/.test(userAgent)) return 'safari';
  if (/\bFirefox\//.test(userAgent)) return 'firefox';
  if (/Chrom(e|ium)\//.test(userAgent)) return 'chromium';
  return /\bSafari\//.test(userAgent) ? 'safari' : 'other';
}

const nearlyFull =
  'when the disk is nearly full it clears whole sites, models and conversations together, those first that were used longest ago';

/** One or two sentences each, for a reader whose storage is not protected. */
export const evictionInWords: Readonly<Record<BrowserFamily, string>> = {
  chromium: `Not protected from this browser: ${nearlyFull}. It agrees to protect a site without asking you, sooner where the site is installed or used often.`,
  firefox: `Not protected from this browser: ${nearlyFull}, and it gives a site 10 GB at most. It asks you before it protects one.`,
  safari: `Not protected from this browser: ${nearlyFull}, and a site that is not visited for seven days of use at any time. Add Bedside to the Dock or the home screen to be spared the seven days.`,
  other: `Not protected from this browser: ${nearlyFull}. Installing Bedside or using it often helps the browser to agree to protect it.`,
};
