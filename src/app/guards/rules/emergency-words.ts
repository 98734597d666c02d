/** What in a question sounds like an emergency that is happening now, to somebody who asks for help. */

export type Emergency = 'emergency' | 'suicide';

/** Without these a question is about a subject, as most are: what it says happens to somebody, now. */
const here = String.raw`(?:\b(?:i|i'm|i am|i've|my|me|we|he|she|they|somebody|someone|please|help)\b)`;
const now = String.raw`(?:\b(?:now|right now|just now|suddenly|just (?:took|taken|swallowed|started|collapsed)|at the moment|currently|minutes? ago|this minute|cannot|can't|help)\b)`;

/** Signs that need help at once, as people write of them. */
const signs: readonly RegExp[] = [
  /\bchest (?:pain|pressure|tightness)|\bcrushing pain\b|\bheart attack\b/i,
  /\b(?:face|mouth) (?:is |has )?(?:drooping|droops|drooped)|\bslurr(?:ed|ing) (?:speech|words)|\b(?:can't|cannot) (?:move|feel|lift) (?:my|his|her|their|one|the) (?:left |right )?(?:arm|leg|side|face)|\bhaving a stroke\b/i,
  /\b(?:throat|tongue|face|lips?) (?:is |are |has |have )?(?:swelling|swollen|closing)|\banaphyla/i,
  /\b(?:can't|cannot|can not|unable to|struggling to) breathe?\b|\bnot breathing\b|\bstopped breathing\b|\bturning blue\b|\bchoking\b/i,
  /\boverdose[ds]?\b|\btook (?:too many|all (?:my|the|his|her)|a whole|the whole) (?:pills|tablets|pack|bottle|box)|\bswallowed (?:bleach|poison|batteries|a battery)|\bpoisoned\b/i,
  /\bunconscious\b|\bunresponsive\b|\bcollapsed\b|\bhaving a (?:seizure|fit)\b|\bbleeding (?:heavily|a lot|and it won't stop|that won't stop)|\bwon't stop bleeding\b/i,
];

/** Of oneself, at any time. */
const ofOneself =
  /\b(?:i (?:want|am going|plan|intend|need|have decided|feel like|might)(?: to)?|i'm (?:going to|planning to)|i am thinking (?:of|about)|thinking about|how (?:can|do|should) i|help me) (?:kill(?:ing)? myself|end(?:ing)? (?:my life|it all)|die\b|suicide|commit(?:ting)? suicide|take my (?:own )?life|hurt(?:ing)? myself|harm(?:ing)? myself)|\bi (?:want|wish) to be dead\b|\bi'?m suicidal\b|\bi am suicidal\b|\bi don't want to live\b/i;

const hereForm = new RegExp(here, 'i');
const nowForm = new RegExp(now, 'i');

/** What only asks about the subject: a vignette, a definition, an examination. */
const isSubject =
  /\b\d{1,3}[- ]?(?:year|yr|month|week|day)s?[- ]old\b|\b(?:which|what) (?:is|are|causes?|of the following)\b|\bpatients?\b|\btextbook\b|\bguidelines?\b|\bdifferential\b|\bmanagement of\b|\btreatment of\b|\bsymptoms of\b/i;

/** Null for nearly all questions. */
export function emergencyIn(question: string): Emergency | null {
  const text = question.replace(/[’]/g, "'").slice(0, 4000);
  if (ofOneself.test(text)) return 'suicide';
  if (isSubject.test(text)) return null;
  return text
    .split(/[.!?\n]+/)
    .some(
      (sentence, at, all) =>
        signs.some(sign => sign.test(sentence)) &&
        hereForm.test(sentence) &&
        nowForm.test([all[at - 1], sentence, all[at + 1]].join(' ')),
    )
    ? 'emergency'
    : null;
}
