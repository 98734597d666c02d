/** By path in the repository. */
export function hostingFiles(
  headers: Readonly<Record<string, string>>,
  compute: { readonly folder: string; readonly 'Content-Security-Policy': string },
): Record<string, string>;
