/**
 * Words that the project's text does not use, each with the field's word for it, and how many of them each folder still
 * has. To list those of a folder: `FORKSCOPE_WORDS=server/core npx vitest run test/unit/architecture/words.test.ts`.
 */

export interface Word {
  /** Matched without regard to case, as a whole word. */
  readonly pattern: string;
  readonly instead: string;
}

export const WORDS: readonly Word[] = [
  { pattern: 'whoever|whomever', instead: 'the subject itself: "the reader", "the caller", "any process"' },
  { pattern: 'nobody', instead: '"no process", "nothing", "never", or the active voice' },
  { pattern: 'somebody|someone', instead: '"a process", "the user", or the name of the part' },
  { pattern: 'everybody|everyone', instead: '"all processes", "every reader"' },
  { pattern: 'anybody|anyone', instead: '"any process", "another user"' },
  {
    pattern:
      '(?<!against )whom|who (?:waits?|sends?|sent|made|holds?|held|started|reads?|calls?|asks?|could|can|gets?|has|is)',
    instead: 'the noun: "the process that holds it"',
  },
  { pattern: 'anew', instead: '"again"' },
  { pattern: 'for ever', instead: '"forever"' },
  { pattern: 'time-outs?', instead: '"timeout"' },
  {
    pattern: 'that which|those that|those who|those which|he who',
    instead: 'the noun: "items that", "processes that"',
  },
  { pattern: 'told', instead: '"reports", "notifies", "sends", "shows"' },
  { pattern: 'stands(?! in for)', instead: '"is", "is paused at", "contains"' },
  { pattern: 'hand(?:s|ed|ing)? over', instead: '"submit" a task, "pass" a value' },
  { pattern: 'circles?', instead: '"cycle"; of a wait graph "deadlock cycle"' },
  { pattern: '(?:end(?:s|ed)? badly|bad end)', instead: '"exits with an error"' },
  { pattern: 'inner (?:channel|queue|pipe)s?', instead: '"internal channels"' },
  { pattern: 'beginnings? of (?:each |the )?(?:messages?|requests?|payloads?)', instead: '"payload prefix"' },
  { pattern: 'follow newest', instead: '"auto-scroll"' },
  {
    pattern: '(?:is|are|was|were|been|be) made(?! (?:of|up|to|in|smaller)\\b)',
    instead: '"create", in the active voice',
  },
  { pattern: '(?<!there )(?:is|are) no(?! (?:longer|more|less)\\b)(?=\\s+\\w)', instead: '"is not a …"' },
  { pattern: '(?:in|by) silence', instead: '"silently"' },
  { pattern: 'how it goes with', instead: '"its status"' },
  { pattern: 'by the developer', instead: '"by you", "your changes"; in code "intervention"' },
  { pattern: 'waits? for you', instead: 'the process by its name: "waits for main"' },
  { pattern: '(?:what|that) is so', instead: '"the fact", "true"' },
];

/**
 * Occurrences that are left, by folder or file: at most so many, and only ever fewer. What is not listed has none.
 * The comments between the rows let two branches change neighbouring numbers without a conflict.
 */
export const WORD_DEBTS: Readonly<Record<string, number>> = {
  // model, findings, pickles, checks
  'server/core': 8,
  // journals, sessions, recordings, launch
  'server/engine': 45,
  // pauses and line debuggers
  'server/debug': 12,
  // debug adapter
  'server/dap': 23,
  // language server
  'server/lsp': 27,
  // command line
  'server/cli': 2,
  // in the program's processes
  'server/runtime': 0,
  // protocol, shared code, entry points
  server: 58,
  // tests, their names included
  test: 117,
  // build and test commands
  // texts that are translated
  l10n: 10,
  // pages of findings
  'docs/findings': 36,
};
