const shown = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/bmp', 'image/avif']);

/** Whether a page or a text can show an image of this type by itself. */
export const isShownByBrowsers = (mediaType: string): boolean => shown.has(mediaType);
