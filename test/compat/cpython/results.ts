/**
 * Results, stored next to the tests, so that a part can be run again without the rest; the table is built from them.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from '../../bench/table';
import { ROOT } from '../shared/ran';
import type { Counts, Slow, Verdict } from './compare';
import { SUITES, type Suite } from './suites';

export interface Judged {
  readonly test: string;
  /** Outcomes in the whole suite, then alone. */
  readonly bare: readonly string[];
  readonly forkscope: readonly string[];
  readonly verdict: Verdict;
}
export interface SuiteResult {
  readonly date: string;
  readonly bare: Counts;
  readonly forkscope: Counts;
  readonly seconds: { readonly bare: number; readonly forkscope: number };
  /** Processes and messages that Forkscope recorded. */
  readonly processes: number;
  readonly messages: number;
  readonly failedAlike: readonly string[];
  /** How often it did not finish and was run again. */
  readonly hung?: { readonly bare: number; readonly forkscope: number };
  readonly judged: readonly Judged[];
  readonly slow?: readonly Slow[];
}
/** By Python version, then by suite; null: this Python does not include the suite. */
export type Results = Record<string, Partial<Record<Suite, SuiteResult | null>>>;

const FILE = join(ROOT, 'test/compat/cpython/results.json');

export function load(): Results {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Results) : {};
}

export function save(results: Results): void {
  const sorted = Object.fromEntries(
    versions(results).map((version) => [
      version,
      Object.fromEntries(
        SUITES.filter((suite) => suite in results[version]!).map((suite) => [suite, results[version]![suite]]),
      ),
    ]),
  );
  writeFileSync(FILE, `${JSON.stringify(sorted, null, 2)}\n`);
}

function versions(results: Results): string[] {
  const key = (version: string) =>
    (/^\d/.test(version) ? '' : 'z') + version.replace(/\d+/g, (n) => n.padStart(3, '0'));
  return Object.keys(results).sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** The section of docs/compatibility.md. */
export function sectionOf(results: Results, machine: string): string {
  // A Python without any of them has nothing to show.
  const all = versions(results).filter((version) => Object.values(results[version]!).some((each) => each != null));
  const rows = SUITES.map((suite) => [`\`${suite}\``, ...all.map((version) => cell(results[version]![suite]))]);
  const found = all
    .flatMap((version) => SUITES.map((suite) => results[version]![suite]))
    .filter((each) => each != null);
  const dates = found.map((each) => each.date).sort();
  const sum = (of: (each: SuiteResult) => number) => found.reduce((total, each) => total + of(each), 0);
  const different = sum((each) => each.judged.filter((one) => one.verdict === 'differs').length);
  const tests = sum((each) => each.bare.passed + each.bare.failed + each.bare.skipped);
  const head = [
    `Run ${dates[0] === dates.at(-1) ? `on ${dates[0]}` : `from ${dates[0]} to ${dates.at(-1)}`} on ${machine}: ${tests} tests, each with and without Forkscope; `,
    different === 0 ? 'none ends otherwise with it.' : `**${different} end otherwise with it.**`,
    ` Forkscope saw ${sum((each) => each.processes)} processes and ${sum((each) => each.messages)} messages of them.`,
  ].join('');
  return [
    head,
    'A cell: tests passed · skipped, with and without Forkscope the same. "f": failed with and without it. "–": this Python does not carry the suite. Columns "C": with the accelerator in C (`forkscope.native`), else in pure Python.',
    table(['suite', ...all], rows),
    remarks(results, all),
  ].join('\n\n');
}

function cell(result: SuiteResult | null | undefined): string {
  if (result === undefined) return 'not run';
  if (result === null) return '–';
  const { passed, failed, skipped } = result.bare;
  const differing = result.judged.filter((each) => each.verdict === 'differs').length;
  const parts = [`${passed} · ${skipped}`];
  if (result.failedAlike.length > 0) parts.push(`${failed} f`);
  if (differing > 0) parts.push(`**${differing} differ**`);
  return parts.join(', ');
}

function remarks(results: Results, all: readonly string[]): string {
  const lines: string[] = [];
  for (const version of all)
    for (const suite of SUITES) {
      const result = results[version]![suite];
      if (result == null) continue;
      const where = `${version}, \`${suite}\``;
      if (result.failedAlike.length > 0)
        lines.push(`- ${where}: fails with and without Forkscope: ${result.failedAlike.map(short).join(', ')}.`);
      const { bare = 0, forkscope = 0 } = result.hung ?? {};
      if (bare + forkscope > 0)
        lines.push(
          `- ${where}: came to no end ${bare} times without and ${forkscope} times with Forkscope, and was run again.`,
        );
      for (const each of result.judged) lines.push(`- ${where}: ${short(each.test)} ${said(each)}.`);
      for (const each of result.slow ?? [])
        lines.push(
          `- ${where}: ${short(each.test)} took ${each.bare} s without and ${each.forkscope} s with Forkscope, once.`,
        );
    }
  return lines.length === 0 ? '' : `What there is to say about single tests:\n\n${lines.join('\n')}`;
}

function said({ bare, forkscope, verdict }: Judged): string {
  const both = `(without: ${tally(bare)}; with: ${tally(forkscope)})`;
  if (verdict === 'unsteady') return `is unsteady without Forkscope too ${both}`;
  if (verdict === 'once') return `ended otherwise in the whole suite, and in none of the repeats ${both}`;
  return `**ends otherwise under Forkscope** ${both}`;
}

function tally(outcomes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const each of outcomes) counts.set(each, (counts.get(each) ?? 0) + 1);
  return [...counts].map(([outcome, times]) => `${times} × ${outcome}`).join(', ');
}

function short(test: string): string {
  return `\`${test.split('.').slice(-2).join('.')}\``;
}
