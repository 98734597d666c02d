/** The syntax tree of a template, after jinja2.nodes. */

export type Expression =
  | { kind: 'constant'; value: null | boolean | bigint | number }
  | { kind: 'string'; value: string }
  | { kind: 'name'; name: string }
  | { kind: 'tuple' | 'list'; items: readonly Expression[] }
  | { kind: 'dict'; entries: readonly (readonly [Expression, Expression])[] }
  | { kind: 'attribute'; object: Expression; name: string }
  | { kind: 'item'; object: Expression; key: Expression }
  | { kind: 'slice'; start?: Expression; stop?: Expression; step?: Expression }
  | { kind: 'call'; callee: Expression; args: CallArguments }
  | Filtered
  | { kind: 'test'; name: string; value: Expression; args: CallArguments }
  | { kind: 'not' | 'negative' | 'positive'; value: Expression }
  | { kind: 'and' | 'or'; left: Expression; right: Expression }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: 'concat'; parts: readonly Expression[] }
  | { kind: 'compare'; first: Expression; rest: readonly { operator: Comparison; value: Expression }[] }
  | { kind: 'conditional'; condition: Expression; then: Expression; otherwise?: Expression };

/** A filter; without a value it is that of a block, which filters what the block writes. */
export interface Filtered {
  kind: 'filter';
  name: string;
  value: Expression | undefined;
  args: CallArguments;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

export interface CallArguments {
  readonly positional: readonly Expression[];
  readonly keywords: readonly (readonly [string, Expression])[];
  readonly spread?: Expression;
  readonly keywordSpread?: Expression;
}

export type Target =
  | { kind: 'name'; name: string }
  | { kind: 'namespace'; name: string; attribute: string }
  | { kind: 'targets'; items: readonly Target[] };

export interface Signature {
  readonly names: readonly string[];
  /** Of the last so many names. */
  readonly defaults: readonly Expression[];
}

export type Body = readonly Statement[];

export type Statement =
  | { kind: 'text'; text: string }
  | { kind: 'output'; value: Expression }
  | { kind: 'if'; branches: readonly { condition: Expression; body: Body }[]; otherwise: Body }
  | ForLoop
  | { kind: 'set'; target: Target; value: Expression }
  | { kind: 'set-block'; target: Target; filter: Filtered | undefined; body: Body }
  | { kind: 'with'; pairs: readonly (readonly [Target, Expression])[]; body: Body }
  | { kind: 'filter-block'; filter: Filtered; body: Body }
  | { kind: 'macro'; name: string; signature: Signature; body: Body }
  | { kind: 'call-block'; call: Expression & { kind: 'call' }; signature: Signature; body: Body }
  /** transformers' own tag around what the model wrote in training texts: it prints its body. */
  | { kind: 'generation'; body: Body }
  | { kind: 'break' | 'continue' };

export interface ForLoop {
  kind: 'for';
  target: Target;
  iterable: Expression;
  condition: Expression | undefined;
  isRecursive: boolean;
  body: Body;
  otherwise: Body;
}
