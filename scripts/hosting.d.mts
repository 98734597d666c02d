/** By path in the repository. */
export function hostingFiles(headers: Readonly<Record<string, string>>): Record<string, string>;
export function readSecurityHeaders(): Record<string, string>;
