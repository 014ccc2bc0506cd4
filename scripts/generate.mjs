// Makes the sides of the vocabulary from server/protocol/vocabulary.json, and what the server knows of libraries from the runtime's modules
// for them. `--check` fails on drift instead of writing.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { declaredLibraries } from './lib/libraries.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const vocabulary = JSON.parse(readFileSync(join(root, 'server/protocol/vocabulary.json'), 'utf8'));
const constant = (name) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
const NOTE = 'Generated from server/protocol/vocabulary.json by `npm run generate`; do not edit.';
const LIBRARIES_NOTE = 'Generated from server/runtime/forkscope_runtime/libraries by `npm run generate`; do not edit.';
const libraries = await declaredLibraries(root);

/** Every number of the vocabulary as [NAME, value, comment]. */
function numbers(v) {
  const rows = [['VOCABULARY_VERSION', v.version, '']];
  const section = (prefix, fields, pick) => {
    for (const [name, field] of Object.entries(fields)) {
      if (name.startsWith('$')) continue;
      rows.push([`${prefix}_${constant(name)}`, pick(field), field.doc ?? '']);
    }
  };
  rows.push(['HEADER_SIZE', v.header.size, ''], ['CELL_SIZE', v.cell.size, ''], ['SLOT_SIZE', v.slot.size, '']);
  rows.push(
    ['SLOT_DATA_SIZE', v.slot.dataSize, ''],
    ['EXT_DATA_SIZE', v.ext.dataSize, ''],
    ['META_DATA_SIZE', v.meta.dataSize, ''],
  );
  rows.push(['CONTROL_SIZE', v.control.size, '']);
  section('CONTROL_AT', v.control.fields, (f) => f.offset);
  section('HEADER_AT', v.header.fields, (f) => f.offset);
  section('STATE', v.journalStates, (f) => f);
  section('CELL_AT', v.cell.fields, (f) => f.offset);
  section('SLOT_AT', v.slot.fields, (f) => f.offset);
  section('SLOT_FLAG', v.slotFlags, (f) => f);
  section('EXT_AT', v.ext.fields, (f) => f.offset);
  section('META_AT', v.meta.fields, (f) => f.offset);
  section('META_KIND', v.meta.kinds, (f) => f);
  section('KIND', v.ringKinds, (f) => f.value);
  section('OUTCOME', v.outcomes, (f) => f);
  section('DEFAULT', v.defaults, (f) => f);
  return rows;
}

function strings(v) {
  const rows = [['HEADER_MAGIC_BYTES', v.header.magic]];
  for (const [name, e] of Object.entries(v.environment)) rows.push([`ENV_${name}`, e.name]);
  rows.push(
    ['FILE_SESSION', v.files.session],
    ['FILE_CONTROL', v.files.control],
    ['FILE_PLAN', v.files.plan],
    ['FILE_NAMES', v.files.names],
    ['FILE_LINES', v.files.lines],
    ['JOURNAL_SUFFIX', v.files.journalSuffix],
  );
  return rows;
}

function typescript(v) {
  const lines = [`// ${NOTE}`];
  for (const [name, value, doc] of numbers(v))
    lines.push(...(doc ? [`/** ${doc} */`] : []), `export const ${name} = ${value};`);
  for (const [name, value] of strings(v)) lines.push(`export const ${name} = '${value}';`);
  for (const [name, table] of [
    ['KIND_NAMES', Object.fromEntries(Object.entries(v.ringKinds).map(([k, e]) => [e.value, k]))],
    ['OUTCOME_NAMES', Object.fromEntries(Object.entries(v.outcomes).map(([k, e]) => [e, k]))],
  ]) {
    lines.push(`export const ${name}: Readonly<Record<number, string>> = ${JSON.stringify(table)};`);
  }
  lines.push(
    `export type RecordType = ${Object.keys(v.recordTypes)
      .map((k) => `'${k}'`)
      .join(' | ')};`,
  );
  return `${lines.join('\n')}\n`;
}

/** struct formats with explicit little-endian order, built from the offsets so that gaps become pad bytes. */
function pythonFormat(fields, size) {
  const widths = { B: 1, H: 2, I: 4, Q: 8, q: 8 };
  let at = 0;
  let format = '<';
  for (const field of Object.values(fields)) {
    if (field.offset > at) format += `${field.offset - at}x`;
    format += field.format;
    at = field.offset + (widths[field.format] ?? Number.parseInt(field.format, 10));
  }
  return at < size ? `${format}${size - at}x` : format;
}

function python(v) {
  const lines = [`# ${NOTE}`, '# No docstring: this file is read at the start of every process.'];
  for (const [name, value] of numbers(v)) lines.push(`${name} = ${value}`);
  for (const [name, value] of strings(v)) lines.push(`${name} = "${value}"`);
  lines.push(`SLOT_FORMAT = "${pythonFormat(v.slot.fields, v.slot.size)}"`);
  lines.push(`EXT_FORMAT = "${pythonFormat(v.ext.fields, v.slot.size)}"`);
  lines.push(`META_FORMAT = "${pythonFormat(v.meta.fields, v.slot.size)}"`);
  lines.push(`HEADER_FORMAT = "${pythonFormat(v.header.fields, 0)}"`);
  lines.push(`CELL_FORMAT = "${pythonFormat(v.cell.fields, v.cell.size)}"`);
  const modules = libraries.flatMap(({ name, attributes: { modules, packages } }) =>
    (modules.length > 0 ? modules : packages).map((each) => `"${each}": "${name}"`),
  );
  lines.push(`LIBRARIES = {${modules.join(', ')}}`);
  return `${lines.join('\n')}\n`;
}

/** The same numbers for the accelerator. */
function c(v) {
  const wanted =
    /^(VOCABULARY_VERSION|HEADER_SIZE|CELL_SIZE|SLOT_SIZE|SLOT_DATA_SIZE|EXT_DATA_SIZE|(CELL|SLOT|EXT|META|HEADER)_AT_|META_(DATA|KIND)_|STATE_(RECORDING|ENDED)|SLOT_FLAG_|KIND_|OUTCOME_)/;
  const lines = [`/* ${NOTE} */`];
  for (const [name, value] of numbers(v)) if (wanted.test(name)) lines.push(`#define ${name} ${value}`);
  for (const [name, value] of strings(v))
    if (/^(HEADER_MAGIC_BYTES|JOURNAL_SUFFIX)$/.test(name)) lines.push(`#define ${name} "${value}"`);
  return `${lines.join('\n')}\n`;
}

/** What the server knows of libraries: each table is of all of them. */
function librariesTypescript() {
  const all = (attribute) => [...new Set(libraries.flatMap(({ attributes }) => attributes[attribute]))];
  const merged = (attribute) => Object.assign({}, ...libraries.map(({ attributes }) => attributes[attribute]));
  const byLibrary = (attribute) =>
    Object.fromEntries(
      libraries
        .map((each) => [each.name, each.attributes[attribute]])
        .filter(([, value]) => value && Object.keys(value).length > 0),
    );
  const pickling = libraries.filter(({ attributes }) => attributes.pickles_anything);
  const rows = [
    ['Start methods that only a library has.', 'OWN_START_METHODS', null, all('own_start_methods')],
    [
      'Sources of regular expressions: targets of threads that act only on what others gave them to do.',
      'SERVANT_TARGETS',
      'readonly string[]',
      all('servants'),
    ],
    ['Modules whose threads do no harm in a fork.', 'OWN_THREAD_MODULES', 'readonly string[]', all('own_threads')],
    ["Packages with multiprocessing's interface.", 'PACKAGE_FAMILIES', 'readonly string[]', all('typed_families')],
    [
      'Those of them that pickle functions by value.',
      'PICKLING_FAMILIES',
      'readonly string[]',
      pickling.flatMap(({ attributes }) => attributes.typed_families),
    ],
    [
      'By library: what it calls the number of calls that travel together.',
      'BATCH_ARGUMENTS',
      'Readonly<Record<string, string>>',
      byLibrary('batch_argument'),
    ],
    [
      "Those with pools that are used otherwise than multiprocessing's.",
      'OWN_POOLS',
      'readonly string[]',
      libraries.filter(({ attributes }) => attributes.own_pools).map(({ name }) => name),
    ],
    [
      'Those whose workers run several tasks at a time.',
      'CONCURRENT_POOLS',
      'readonly string[]',
      libraries.filter(({ attributes }) => attributes.concurrent_tasks).map(({ name }) => name),
    ],
    [
      'By library: paths of attributes and indices in the messages of its pools.',
      'MESSAGE_PATHS',
      'Readonly<Record<string, Readonly<Record<string, string>>>>',
      byLibrary('message_paths'),
    ],
    ['Packages that pickle functions by value.', 'BY_VALUE_PACKAGES', 'readonly string[]', all('by_value')],
    [
      'Names of classes whose first argument is a list of (function, args, kwargs).',
      'BATCH_CLASSES',
      'readonly string[]',
      all('batches'),
    ],
    [
      'Qualified names of classes that describe an exception by `exception` and `type`.',
      'FAILURE_CLASSES',
      'readonly string[]',
      all('failures'),
    ],
    [
      "By module of a function that runs a named task: the key of the task's arguments as text.",
      'TASK_RUNNERS',
      'Readonly<Record<string, string>>',
      merged('task_runners'),
    ],
  ];
  const lines = rows.map(
    ([doc, name, type, value]) =>
      `/** ${doc} */\nexport const ${name}${type === null ? '' : `: ${type}`} = ${JSON.stringify(value)}${type === null ? ' as const' : ''};`,
  );
  return `// ${LIBRARIES_NOTE}\n${lines.join('\n')}\n`;
}

const outputs = {
  'server/runtime/native/layout.h': c(vocabulary),
  'server/protocol/vocabulary.ts': typescript(vocabulary),
  'server/protocol/libraries.ts': librariesTypescript(),
  'server/runtime/forkscope_runtime/vocabulary.py': python(vocabulary),
};
let drift = false;
for (const [file, text] of Object.entries(outputs)) {
  const path = join(root, file);
  let current = '';
  try {
    current = readFileSync(path, 'utf8');
  } catch {
    /* not generated yet */
  }
  if (current === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${file} is out of date: npm run generate`);
    drift = true;
  } else writeFileSync(path, text);
}
process.exit(drift ? 1 : 0);
