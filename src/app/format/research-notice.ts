/** On every screen with an answer, and on every printed page. */
export const researchNotice = 'Research software. Not a medical device; not for diagnosis or treatment.';
