/**
 * For tests: what the published JSON schema of FHIR R4 (4.0.1, https://hl7.org/fhir/R4/fhir.schema.json.zip) and its value sets say of
 * the elements that `write-fhir.ts` uses. Elements that are not listed here are refused.
 */
type Check = (value: unknown, path: string) => string[];

const pattern =
  (expression: RegExp): Check =>
  (value, path) =>
    typeof value === 'string' && expression.test(value)
      ? []
      : [`${path}: ${JSON.stringify(value)?.slice(0, 60)}`];

const oneOf =
  (...allowed: string[]): Check =>
  (value, path) =>
    allowed.includes(value as string) ? [] : [`${path}: not one of ${allowed.join(', ')}`];

const list =
  (check: Check): Check =>
  (value, path) =>
    Array.isArray(value) && value.length > 0
      ? value.flatMap((each, index) => check(each, `${path}[${index}]`))
      : [`${path}: no list, or an empty one`];

const object =
  (elements: Record<string, Check>, needed: string[] = []): Check =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: no object`];
    const found = Object.entries(value);
    if (found.length === 0) return [`${path}: empty`];
    const unknown = found.filter(([name]) => !(name in elements)).map(([name]) => `${path}.${name}: unknown`);
    const missing = needed.filter(name => !(name in value)).map(name => `${path}.${name}: missing`);
    return [
      ...unknown,
      ...missing,
      ...found.flatMap(([name, each]) => elements[name]?.(each, `${path}.${name}`) ?? []),
    ];
  };

// The primitive types, with the expressions of the schema.
const string = pattern(/^[ \r\n\t\S]+$/);
const id = pattern(/^[A-Za-z0-9\-.]{1,64}$/);
const uri = pattern(/^\S*$/);
const code = pattern(/^[^\s]+(\s[^\s]+)*$/);
const base64 = pattern(/^[0-9a-zA-Z+/=]+$/);
const instant = pattern(
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))$/,
);
/** Also shorter ones are allowed; none is written. */
const dateTime = instant;
const unsignedInt: Check = (value, path) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? [] : [`${path}: no count`];

const coding = object({ system: uri, version: string, code, display: string });
const codeableConcept = object({ coding: list(coding), text: string });
const identifier = object({ type: codeableConcept, system: uri, value: string });
const reference = object({ reference: string, display: string });
const narrative = object(
  {
    status: oneOf('generated', 'extensions', 'additional', 'empty'),
    div: pattern(/^<div xmlns="http:\/\/www\.w3\.org\/1999\/xhtml">[\s\S]+<\/div>$/),
  },
  ['status', 'div'],
);

const device = object(
  {
    resourceType: oneOf('Device'),
    id,
    identifier: list(identifier),
    deviceName: list(
      object(
        {
          name: string,
          type: oneOf(
            'udi-label-name',
            'user-friendly-name',
            'patient-reported-name',
            'manufacturer-name',
            'model-name',
            'other',
          ),
        },
        ['name', 'type'],
      ),
    ),
    type: codeableConcept,
    version: list(object({ type: codeableConcept, value: string }, ['value'])),
  },
  ['resourceType'],
);

/** What is wrong with a `DocumentReference`, by path; empty where nothing is. */
export const checkDocumentReference = (value: unknown): string[] =>
  object(
    {
      resourceType: oneOf('DocumentReference'),
      meta: object({ security: list(coding) }),
      text: narrative,
      contained: list(device),
      status: oneOf('current', 'superseded', 'entered-in-error'),
      docStatus: oneOf('preliminary', 'final', 'amended', 'entered-in-error'),
      type: codeableConcept,
      date: instant,
      author: list(reference),
      description: string,
      securityLabel: list(codeableConcept),
      content: list(
        object(
          {
            attachment: object({
              contentType: code,
              data: base64,
              size: unsignedInt,
              title: string,
              creation: dateTime,
            }),
          },
          ['attachment'],
        ),
      ),
      context: object({ period: object({ start: dateTime, end: dateTime }) }),
    },
    ['resourceType', 'status', 'content'],
  )(value, 'DocumentReference');
