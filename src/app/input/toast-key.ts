/** From anywhere to the newest toast; back again with Escape or by what it offers. */
export const toastKey = 'F8';
