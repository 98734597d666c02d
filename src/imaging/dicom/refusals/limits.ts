/** The most pixels of one frame: as of any other image. */
export const mostPixels = 100_000_000;
/** The most bytes that a deflated file may become. */
export const mostInflatedBytes = 512 * 1024 ** 2;
/** As deep as sequences may lie in one another. */
export const mostNesting = 64;
