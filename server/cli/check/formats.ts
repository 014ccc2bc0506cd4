/** Output formats of `forkscope check`. */
import { plainJson, plainLines } from '../../protocol/plain';
import { findingPage } from '../../protocol/source';
import type { Outcome } from './outcome';
import { type Place, places } from './places';
import { sarif } from './sarif';

export const FORMATS: Readonly<Record<'text' | 'json' | 'sarif', (outcome: Outcome) => string>> = { text, json, sarif };
export type Format = keyof typeof FORMATS;

function text({ found }: Outcome): string {
  const out: string[] = [];
  for (const { file, text, findings } of found) {
    const at = places(text);
    for (const each of findings) {
      const { line, column } = at(each);
      out.push(`${file}:${line}:${column}: ${each.severity}: ${each.message} [${each.code}]`);
      for (const other of each.related) out.push(`    ${file}:${at(other).line}: ${other.caption}`);
      out.push(`    ${each.advice}`);
    }
  }
  return plainLines(out);
}

/** One finding as JSON; docs/check.md documents the fields. */
interface JsonFinding extends Place {
  readonly file: string;
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly advice: string;
  readonly url: string;
  readonly related: readonly (Place & { readonly caption: string })[];
}

function json({ version, files, found, problems }: Outcome): string {
  const findings = found.flatMap(({ file, text, findings }) => {
    const at = places(text);
    return findings.map(
      (each): JsonFinding => ({
        file,
        ...at(each),
        code: each.code,
        severity: each.severity,
        message: each.message,
        advice: each.advice,
        url: findingPage(each.code),
        related: each.related.map((other) => ({ ...at(other), caption: other.caption })),
      }),
    );
  });
  return `${plainJson({ version: 1, forkscope: version, files, findings, problems }, 2)}\n`;
}
