/** A processor that stands in for a GPU answers in minutes per word beyond this. */
export const mostSoftwareModelBytes = 512 * 1024 * 1024;
