/** A processor that stands in for a GPU answers in minutes per word beyond this. */
export const mostSoftwareModelBytes = 500_000_000;
