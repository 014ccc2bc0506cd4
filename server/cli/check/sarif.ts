/** SARIF 2.1.0, the format that code scanning services read: https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
import { pathToFileURL } from 'node:url';
import { CHECKS } from '../../core/source/checks';
import { plainJson } from '../../protocol/plain';
import { findingPage, type TextSpan } from '../../protocol/source';
import { HOMEPAGE } from '../../protocol/version';
import type { Severity } from '../../protocol/views';
import type { Outcome } from './outcome';
import { type Place, places } from './places';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

export function sarif({ version, found, problems }: Outcome): string {
  const codes = CHECKS.map((each) => each.code);
  const results = found.flatMap(({ file, text, findings }) => {
    const at = places(text);
    const location = (span: TextSpan) => ({
      physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: region(at(span)) },
    });
    return findings.map((each) => ({
      ruleId: each.code,
      ruleIndex: codes.indexOf(each.code),
      level: LEVELS[each.severity],
      message: { text: `${each.message} ${each.advice}` },
      locations: [location(each)],
      relatedLocations: each.related.map((other, id) => ({
        id: id + 1,
        ...location(other),
        message: { text: other.caption },
      })),
    }));
  });
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Forkscope',
            semanticVersion: /^\d+\.\d+\.\d+/.test(version) ? version : '0.0.0',
            informationUri: HOMEPAGE,
            rules: codes.map((id) => ({ id, helpUri: findingPage(id), shortDescription: { text: id } })),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: problems.length === 0,
            toolExecutionNotifications: problems.map(({ file, message }) => ({
              level: 'error',
              message: { text: message },
              locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) } } }],
            })),
          },
        ],
        results,
      },
    ],
  };
  return `${plainJson(log, 2)}\n`;
}

function region({ line, column, endLine, endColumn }: Place) {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

/** Relative for files below the current folder, as code scanning services require. */
function uriOf(file: string): string {
  if (/^([\\/]|[A-Za-z]:)/.test(file)) return pathToFileURL(file).href;
  return file.split(/[\\/]/).map(encodeURIComponent).join('/');
}
