import { realpathSync } from 'node:fs';
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { plainLines } from '../protocol/plain';
import { VERSION } from '../protocol/version';
import { check } from './check';
import { FORMATS, type Format } from './check/formats';
import { listMessages } from './messages';
import { type RecoverOptions, recover } from './recover';
import { type ReportOptions, showReport } from './report';
import { type RunOptions, run } from './run';
import { superviseFolder } from './supervise';

/** The grammar of the command line. Exit code 2: our own usage errors and failures; otherwise that of the program. */
export function createProgram(): Command {
  const program = new Command('forkscope')
    .description('See a multi-process Python program: its processes, queues, pipes and messages.')
    .version(VERSION)
    .configureOutput({ writeErr: (text) => void process.stderr.write(plainLines(text.replace(/\n$/, '').split('\n'))) })
    .enablePositionalOptions()
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

  program
    .command('run')
    .description('Run a Python program and record it. Its input, output and exit code stay its own.')
    .usage('[options] (script.py | -m module) [args...]')
    .option(
      '--python <path>',
      'the interpreter (default: the active virtual environment, ./.venv, python3 on the PATH)',
    )
    .option('--record <file>', 'write a recording (*.forkscope)')
    .option('--report <file>', 'write the report as JSON (docs/report.md)')
    .option('--log <file>', 'write what Forkscope itself does, to find the cause of a fault in it (docs/debugging.md)')
    .option('--live', 'a live status line on stderr, when it is a terminal')
    .option('--quiet', 'no summary at the end')
    .option('-m, --module', 'the next word is a module, as for python -m')
    .argument('<script>', 'the script, or the module after -m')
    .argument('[args...]', 'its arguments')
    .passThroughOptions()
    .action(async (script: string, args: string[], options: RunOptions) => {
      process.exitCode = await run(script, args, options);
    });

  program
    .command('report')
    .description('Sum up a recording.')
    .argument('<recording>', 'a *.forkscope file or a session folder')
    .option('--json', 'the report as JSON (docs/report.md)')
    .addOption(new Option('--verify', 'check the invariants of the model (for tests)').hideHelp())
    .addOption(new Option('--against <report>', 'compare with the report of the live session (for tests)').hideHelp())
    .action(async (recording: string, options: ReportOptions) => {
      process.exitCode = await showReport(recording, options);
    });

  program
    .command('recover')
    .description('Save the recordings of runs whose forkscope was killed (docs/recording.md).')
    .argument('[folders...]', 'session folders (default: all that were left behind)')
    .option('--list', 'only list them')
    .option('--to <folder>', 'where the recordings go', '.')
    .option('--keep', 'leave the session folders where they are')
    .action(async (folders: string[], options: RecoverOptions) => {
      process.exitCode = await recover(folders, options);
    });

  program
    .command('messages')
    .description('List the messages of a recording.')
    .argument('<recording>', 'a *.forkscope file or a session folder')
    .option('--channel <id>', 'one channel: its id, or its name')
    .option('--limit <n>', 'at most so many', count)
    .option('--json', 'one JSON object per line')
    .action((recording: string, options: { channel?: string; limit?: number; json?: boolean }) =>
      listMessages(recording, options),
    );

  program
    .command('check')
    .description('Look for faults in Python files without running them (docs/check.md). Exit code 1: some were found.')
    .argument('<paths...>', 'files and folders')
    .addOption(new Option('--format <format>', 'how to tell it').choices(Object.keys(FORMATS)).default('text'))
    .option('--mute <codes>', 'findings not to tell, separated by commas', codes, [])
    .option('--quiet', 'no summary at the end')
    .action(async (paths: string[], options: { format: Format; mute: string[]; quiet?: boolean }) => {
      // The grammar file is next to the running bundle.
      process.exitCode = await check(paths, options, path.dirname(realpathSync(process.argv[1] ?? '.')), VERSION);
    });

  program
    .command('supervise', { hidden: true })
    .description('Run the program of a session folder in this terminal (used by the editor).')
    .argument('<folder>')
    .action(async (folder: string) => {
      process.exitCode = await superviseFolder(folder);
    });
  return program;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

function codes(text: string, before: string[]): string[] {
  return [...before, ...text.split(',').map((each) => each.trim())];
}
