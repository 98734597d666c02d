import type { StackImage } from './stacks.ts';

/** By what an image is known where marks lie on it. */
export const imageKey = ({ file, frame }: StackImage) => `${file}#${frame}`;
