import { createHash } from 'node:crypto';
import type { ConversationRecords } from '../../src/client/index.ts';
import { sampleAnswerRecord } from './answer-record.ts';

/** As the store keeps an image of these bytes. */
export function imageRecord(conversationId: string, bytes: Uint8Array<ArrayBuffer>, changes = {}) {
  const id = createHash('sha256').update(bytes).digest('hex');
  return {
    v: 1,
    id,
    conversationId,
    name: 'x-ray.png',
    mediaType: 'image/png',
    blob: new Blob([bytes], { type: 'image/png' }),
    width: 640,
    height: 480,
    isAnimated: false,
    createdAt: 5,
    ...changes,
  };
}

/** Two pages of three, one of them with this text. */
export const sampleSource = (text: string, name = 'report.pdf') => ({
  id: 's1',
  name,
  kind: 'pdf',
  partCount: 3,
  parts: [
    { number: 1, text },
    { number: 3, text: 'The last page.' },
  ],
});

/** A question about an image, two answers to it, and a second question after the first of them. */
export function sampleRecords(id = 'c1'): ConversationRecords {
  const image = imageRecord(id, new Uint8Array([1, 2, 3]));
  const message = (messageId: string, parentId: string | null, createdAt: number, fields: object) => ({
    v: 3,
    id: messageId,
    conversationId: id,
    parentId,
    createdAt,
    ...fields,
  });
  const answered = {
    role: 'assistant',
    stopReason: 'end',
    model: 'Seer',
    modelKind: 'own',
    identity: { quantisation: 'Q4_K_M', sha256: ['ab'.repeat(32)], parameterCount: 2_000_000_000 },
    computedOn: [{ kind: 'gpu', adapter: 'test gpu' }],
    vision: {
      images: [
        {
          id: image.id,
          views: [
            {
              name: 'whole',
              rectangle: { x: 0, y: 0, width: 640, height: 480 },
              grid: [1, 1],
              tile: { width: 448, height: 448 },
              tokens: 256,
              isCompressible: false,
            },
          ],
          keptTokens: 128,
          cached: false,
        },
      ],
      decodeMs: 1,
      encodeMs: 2,
      compressed: true,
    },
  };
  const messages = [
    message('q1', null, 1000, {
      role: 'user',
      text: 'What <b>is</b> “this”?',
      images: [{ id: image.id, name: 'x-ray.png', width: 640, height: 480 }],
    }),
    message('a1', 'q1', 2000, { ...answered, text: 'A **picture**.\n\n| a | b |\n|---|---|\n| 1 | <i> |' }),
    message('a2', 'q1', 3000, { ...answered, text: 'Another answer.' }),
    message('q2', 'a1', 4000, { role: 'user', text: 'And?' }),
  ];
  const index = {
    v: 3,
    id,
    title: 'A question',
    createdAt: 1000,
    updatedAt: 4000,
    rootIds: ['q1'],
    currentLeafId: 'q2',
  };
  return {
    id,
    index,
    messages: messages.map(each => [each.id, each]),
    images: [[image.id, image]],
    answerRecords: [['a1', sampleAnswerRecord(id, 'a1')]],
  };
}
