/** Path of an installed Firefox, or undefined. */
export function findFirefox(): string | undefined;
