/** What is read of a file: more than a guideline has, and less than a worker cannot bear. */

/** Of any file, in bytes. */
export const mostFileBytes = 64 * 1024 * 1024;
/** Of a text or a page of the web, in bytes: far beyond what any model reads. */
export const mostTextBytes = 8 * 1024 * 1024;
export const mostPages = 1000;
