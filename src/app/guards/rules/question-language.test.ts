import { expect, test } from 'vitest';
import { languageOf, languagesOf, unlistedLanguage } from './question-language.ts';

test.each([
  ['What are the symptoms of asthma and how is it treated?', 'en'],
  ['Which of these drugs should be given to the patient?', 'en'],
  ['Was sind die Symptome von Asthma und wie wird es behandelt?', 'de'],
  ['Welche Untersuchung ist bei einem Kind mit Fieber nötig?', 'de'],
  ['Quels sont les symptômes de l’asthme chez une femme enceinte ?', 'fr'],
  ['¿Cuáles son los síntomas del asma y cómo se trata?', 'es'],
  ['Quais são os sintomas da asma e como pode ser tratada?', 'pt'],
  ['Quali sono i sintomi della malattia e come si cura il paziente?', 'it'],
  ['Wat zijn de symptomen van astma en hoe wordt het behandeld?', 'nl'],
  ['哮喘的症状是什么？', 'zh'],
  ['喘息の症状は何ですか', 'ja'],
  ['천식의 증상은 무엇입니까', 'ko'],
  ['ما هي أعراض الربو؟', 'ar'],
  ['מה הם התסמינים של אסתמה', 'he'],
  ['Какие симптомы у астмы?', 'ru'],
  ['Ποια είναι τα συμπτώματα;', 'el'],
  ['患者有 COPD 和糖尿病', 'zh'],
])('%j is %s', (question, language) => {
  expect(languageOf(question)).toBe(language);
});

test.each([
  '',
  'asthma',
  'COPD GOLD 3, FEV1 45 %, NT-proBNP 1200',
  'Diabetes mellitus type 2, hypertension, metformin',
  'β-blocker dose?',
  'α-synuclein in Parkinson’s',
  'Staphylococcus aureus bacteraemia vancomycin',
  '1 2 3 4 5 6 7',
  'Morbus Crohn, Colitis ulcerosa, Herpes zoster, Angina pectoris',
])('%j is not sure', question => {
  expect(languageOf(question)).toBeNull();
});

test('only what a model is known not to be made for is told', () => {
  const german = 'Was sind die Symptome von Asthma und wie wird es behandelt?';
  expect(unlistedLanguage(german, ['en'])).toBe('de');
  expect(unlistedLanguage(german, ['en', 'de'])).toBeNull();
  expect(unlistedLanguage(german, undefined)).toBeNull();
  expect(unlistedLanguage('What is the dose of it for a child?', ['en'])).toBeNull();
  expect(languagesOf('anything', ['EN', 'zh-CN'])).toEqual(['en', 'zh']);
  expect(languagesOf('nano-chat', undefined)).toEqual(['en']);
  expect(languagesOf('qwen3-4b', undefined)).toBeUndefined();
});
