/** In this order: most say of themselves also what they are made of. Safari's own is `Version`. */
const products = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Version'];

/** The browser with its major version, e.g. "Chrome 142"; empty where it does not say. */
export function browserName(userAgent: string): string {
  for (const product of products) {
    const version = new RegExp(`${product}/(\\d+)`).exec(userAgent)?.[1];
    if (version !== undefined) return `${product} ${version}`;
  }
  return '';
}
