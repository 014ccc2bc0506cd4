/** The built `forkscope check`, run as by a person or a CI job. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv from 'ajv';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const cli = join(import.meta.dirname, '../../../dist/cli.js');
const FAULT =
  'from multiprocessing import Pool\n\n\ndef main():\n    with Pool() as pool:\n        pool.map_async(abs, [])\n';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'check-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, text: string | Buffer = FAULT): void {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
}
function check(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'check', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('forkscope check', () => {
  test('prints the line, the code and the advice; exit code 1', () => {
    put('a.py');
    const { status, stdout, stderr } = check('.');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^a\.py:6:9: warning: .*map_async.* \[lost-exception\]\n {4}Keep the result/);
    expect(stderr).toBe('forkscope: 1 finding in 1 file.\n');
  });

  test('exit code 0 and no output without findings', () => {
    put('a.py', 'import multiprocessing\n');
    expect(check('.', '--quiet')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('reports that there is no file to check, and whether git ignores the existing ones', () => {
    const summary = 'forkscope: 0 findings in 0 files.\n';
    expect(check('.')).toEqual({
      status: 0,
      stdout: '',
      stderr: `${summary}forkscope: There is no Python file in ".".\n`,
    });
    mkdirSync(join(folder, '.git'));
    put('.gitignore', 'build/\n');
    put('build/a.py');
    expect(check('.', 'build/a.py').status).toBe(1);
    expect(check('.').stderr).toBe(
      `${summary}forkscope: There is no Python file in "." but for what .gitignore files leave out. A file that is named is checked.\n`,
    );
    expect(check('.', '--quiet').stderr).toBe('');
  });

  test('omits what git ignores, environments, caches and cyclic links', () => {
    mkdirSync(join(folder, '.git'));
    put('.gitignore', 'build/\n*_generated.py\n!kept_generated.py\n');
    put('build/a.py');
    put('x_generated.py');
    put('kept_generated.py');
    put('sub/.gitignore', 'local.py\n');
    put('sub/local.py');
    put('sub/other.py');
    put('env/pyvenv.cfg', '');
    put('env/lib/a.py');
    put('__pycache__/a.py');
    symlinkSync(folder, join(folder, 'sub/loop'));
    const found = JSON.parse(check('.', '--format', 'json').stdout) as { findings: { file: string }[] };
    expect(found.findings.map((each) => each.file)).toEqual(['kept_generated.py', join('sub', 'other.py')]);
    // Inside the folder the rules of its parents apply too; a file named explicitly is checked.
    expect(JSON.parse(check('sub', '--format', 'json').stdout).files).toBe(1);
    expect(check('build/a.py').status).toBe(1);
  });

  test('unreadable files are reported, and the others are checked', () => {
    put('latin.py', Buffer.from('# caf\xe9\nimport multiprocessing\n', 'latin1'));
    put('named.py', Buffer.from(`# -*- coding: latin-1 -*-\n# caf\xe9\n${FAULT}`, 'latin1'));
    put('nul.py', 'a\0b');
    put('huge.py', `import multiprocessing\n${'x = 1\n'.repeat(400_000)}`);
    put('deep.py', `import multiprocessing\nx = ${'('.repeat(50_000)}`);
    put('bom.py', `\ufeff${FAULT}`);
    const { status, stdout, stderr } = check('.', 'nowhere.py');
    expect(status).toBe(1);
    expect(stdout.match(/lost-exception/g)?.length).toBe(2);
    expect(stderr).toContain('latin.py: It is not utf-8');
    expect(stderr).toContain('nul.py: It is no text');
    expect(stderr).toContain('huge.py: It is larger than 2 MiB');
    expect(stderr).toContain('nowhere.py: There is no such file or folder.');
    expect(stderr).toContain('2 findings in 3 files, 4 could not be checked.');
    expect(check('nul.py').status).toBe(2);
    if (process.getuid?.() !== 0) {
      put('secret.py');
      chmodSync(join(folder, 'secret.py'), 0);
      expect(check('secret.py').stderr).toContain('It may not be read.');
    }
  });

  test('invalid usage is exit code 2 with a sentence', () => {
    expect(check('.', '--format', 'xml').status).toBe(2);
    expect(check().status).toBe(2);
    const { status, stderr } = check('.', '--mute', 'nothing');
    expect(status).toBe(2);
    expect(stderr).toContain('There is no finding nothing.');
  });

  test('codes can be muted', () => {
    put('a.py');
    expect(check('.', '--mute', 'lost-exception').status).toBe(0);
  });

  test('SARIF conforms to its specification', () => {
    put('sub dir/a.py');
    put('nul.py', '\0');
    const log = JSON.parse(check('.', '--format', 'sarif').stdout);
    const uri = { type: 'string', pattern: '^[^ \\\\]+$' };
    const location = {
      type: 'object',
      required: ['physicalLocation'],
      properties: {
        physicalLocation: {
          type: 'object',
          required: ['artifactLocation'],
          properties: {
            artifactLocation: { type: 'object', required: ['uri'], properties: { uri } },
            region: {
              type: 'object',
              required: ['startLine'],
              properties: Object.fromEntries(
                ['startLine', 'startColumn', 'endLine', 'endColumn'].map((name) => [
                  name,
                  { type: 'integer', minimum: 1 },
                ]),
              ),
              additionalProperties: false,
            },
          },
        },
      },
    };
    const message = { type: 'object', required: ['text'], properties: { text: { type: 'string', minLength: 1 } } };
    const level = { enum: ['none', 'note', 'warning', 'error'] };
    // The parts of sarif-schema-2.1.0.json that the output uses.
    const valid = new Ajv({ strict: false }).compile({
      type: 'object',
      required: ['version', 'runs'],
      properties: {
        $schema: { type: 'string' },
        version: { const: '2.1.0' },
        runs: {
          type: 'array',
          items: {
            type: 'object',
            required: ['tool'],
            properties: {
              columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
              tool: {
                type: 'object',
                required: ['driver'],
                properties: {
                  driver: { type: 'object', required: ['name'], properties: { rules: { uniqueItems: true } } },
                },
              },
              invocations: {
                type: 'array',
                items: {
                  type: 'object',
                  required: ['executionSuccessful'],
                  properties: {
                    executionSuccessful: { type: 'boolean' },
                    toolExecutionNotifications: {
                      items: { type: 'object', required: ['message'], properties: { message, level } },
                    },
                  },
                },
              },
              results: {
                type: 'array',
                items: {
                  type: 'object',
                  required: ['message', 'ruleId', 'ruleIndex', 'locations'],
                  properties: {
                    message,
                    level,
                    ruleIndex: { type: 'integer', minimum: 0 },
                    locations: { type: 'array', minItems: 1, items: location },
                    relatedLocations: { type: 'array', items: location },
                  },
                },
              },
            },
            additionalProperties: false,
          },
        },
      },
      additionalProperties: false,
    });
    expect(valid(log), JSON.stringify(valid.errors)).toBe(true);
    const [run] = log.runs;
    const [result] = run.results;
    expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
    expect(result.locations[0].physicalLocation.artifactLocation.uri).toBe('sub%20dir/a.py');
    expect(result.locations[0].physicalLocation.region.startLine).toBe(6);
    expect(run.invocations[0].executionSuccessful).toBe(false);
  });
});
