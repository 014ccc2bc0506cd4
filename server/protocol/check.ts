/**
 * Checks of values from outside, as valibot schemas whose sentences name what is wrong: "filter.text must be a text."
 * A schema is declared once; the type of what it accepts follows from it (`v.InferOutput`).
 */
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';

/** A schema that turns JSON of unknown shape into a `T`. */
export type Schema<T = unknown> = v.GenericSchema<unknown, T>;

/** Stands in a sentence for the value's place, which a schema does not know when it speaks. */
const PLACE = '\u0000';

type Issue = v.BaseIssue<unknown>;
/** A sentence, made when it is needed: the language is chosen after the schemas are. */
type Sentence = (place: string) => string;

const says = (sentence: Sentence) => (): string => sentence(PLACE);

export const text = () => v.string(says((place) => l10n.t('{0} must be a text.', place)));

export const fullText = () => {
  const sentence = says((place) => l10n.t('{0} must be a text that is not empty.', place));
  return v.pipe(v.string(sentence), v.nonEmpty(sentence));
};

/** @param min @param max both are allowed */
export const whole = (min: number, max = Number.MAX_SAFE_INTEGER) => {
  const sentence = says((place) => l10n.t('{0} must be a whole number from {1} to {2}.', place, min, max));
  return v.pipe(v.number(sentence), v.safeInteger(sentence), v.minValue(min, sentence), v.maxValue(max, sentence));
};

/** A number of any size: neither NaN nor infinite. */
export const finite = () => {
  const sentence = says((place) => l10n.t('{0} must be a number.', place));
  return v.pipe(v.number(sentence), v.finite(sentence));
};

export const flag = () => v.boolean(says((place) => l10n.t('{0} must be true or false.', place)));

export const oneOf = <const T extends readonly string[]>(all: T) =>
  v.picklist(
    all,
    says((place) => l10n.t('{0} must be one of {1}.', place, all.join(', '))),
  );

/** At least one. */
export const texts = () => {
  const sentence = says((place) => l10n.t('{0} must be a list of texts.', place));
  return v.pipe(v.array(v.string(sentence), sentence), v.minLength(1, sentence), v.readonly());
};

/** @param most how many there may be; none is enough */
export const upTo = (most: number) => {
  const sentence = says((place) => l10n.t('{0} must be a list of at most {1} texts.', place, most));
  return v.pipe(v.array(v.string(sentence), sentence), v.maxLength(most, sentence), v.readonly());
};

/** What valibot takes for an object may be a list. */
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object that is no list. */
export const object = () =>
  v.custom<Readonly<Record<string, unknown>>>(
    isObject,
    says((place) => l10n.t('{0} must be an object.', place)),
  );

/** An object with these fields; further ones are left out of the result. A field that is missing gets the sentence of its own schema. */
export const fields = <const E extends v.ObjectEntries>(entries: E) =>
  v.pipe(
    object(),
    v.object(entries, (issue: Issue): string => {
      const missing = entries[String(issue.path?.at(-1)?.key)];
      return (missing && v.safeParse(missing, undefined).issues?.[0]?.message) ?? issue.message;
    }),
  );

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly place: string; readonly sentence: string };

/**
 * @param name what the whole value is called where the fault is in none of its fields
 * @returns the value as the schema has it, or the first fault: where it is ("filter.text") and a sentence
 */
export function check<T>(schema: Schema<T>, value: unknown, name: string): Checked<T> {
  const { success, output, issues } = v.safeParse(schema, value, { abortEarly: true });
  if (success) return { ok: true, value: output };
  const [first] = issues;
  const place = placeOf(first, name);
  return { ok: false, place, sentence: first.message.replaceAll(PLACE, place) };
}

/** An element of a list is at fault as that list. */
function placeOf({ path }: Issue, name: string): string {
  const keys = (path ?? []).filter((each) => each.type === 'object').map((each) => String(each.key));
  return keys.length === 0 ? name : keys.join('.');
}
