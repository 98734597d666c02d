/** Resolves with the browser's `path`, or with `why` there is none. */
export function findOldChromium(
  major: 113 | 123,
): Promise<{ path: string; why?: undefined } | { path?: undefined; why: string }>;
