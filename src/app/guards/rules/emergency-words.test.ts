import { expect, test } from 'vitest';
import { emergencyIn } from './emergency-words.ts';

test.each([
  'I have chest pain right now, what should I do?',
  'My father has crushing pain in his chest and cannot stand, help',
  'I think my husband is having a stroke right now',
  'Her face is drooping and she suddenly has slurred speech',
  'I suddenly cannot move my left arm',
  "My throat is swelling and I can't breathe",
  'He ate peanuts, I think it is anaphylaxis, help please',
  'My daughter just swallowed bleach',
  'I just took too many pills',
  'She took all the tablets ten minutes ago',
  'Someone collapsed and is not breathing, help',
  'My son is having a seizure now',
  'I am bleeding heavily and it started just now',
  'My baby is choking right now',
  'I can’t breathe, my lips are swollen',
])('an emergency: %j', question => {
  expect(emergencyIn(question)).toBe('emergency');
});

test.each([
  'I want to kill myself',
  'How can I end my life?',
  "I'm suicidal and alone",
  'I don’t want to live',
  'I am going to hurt myself',
])('suicide: %j', question => {
  expect(emergencyIn(question)).toBe('suicide');
});

test.each([
  '',
  'What is asthma?',
  'What are the causes of chest pain?',
  'A 54-year-old man has crushing chest pain now radiating to the arm. What is the next step?',
  'Which of the following is the first-line treatment of anaphylaxis?',
  'Describe the management of paracetamol overdose.',
  'The patient is unresponsive and currently intubated. Summarise.',
  'What are stroke signs?',
  'Risk factors for suicide in adolescents',
  'How do clinicians assess suicidal ideation?',
  'What is the mechanism of killing of bacteria by penicillin?',
  'Chest pain: list a differential.',
  'I am writing a lecture about chest pain. Can you outline it?',
  'Can I take ibuprofen now?',
  'My teacher said that a heart attack is an infarction. Is that right?',
  'Rewrite: he had chest pain last year and was well.',
  'Explain how choking is handled in guidelines.',
  'Guidelines for unconscious adults',
  'How many people die of overdose each year?',
  'Help me with a poem about the heart',
  'Does my dog need vaccines now?',
  'Poisoned chalice: what does it mean?',
])('none: %j', question => {
  expect(emergencyIn(question)).toBeNull();
});
