import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { NODE_MAJOR } from './scripts/lib/tools.mjs';

// On an older one vitest shows no message of a test that fails.
if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR)
  throw new Error(
    `The tests need Node ${NODE_MAJOR}, and this is Node ${process.versions.node}. Use the Node of .nvmrc, or run \`npm test -- PART\`, which fetches it.`,
  );

/** The tests of one folder under test/, as a project of the folder's name: `npx vitest run --project dap`. */
function project(name: string, options: TestProjectInlineConfiguration['test'] = {}): TestProjectInlineConfiguration {
  return { extends: true, test: { name, include: [`test/${name}/**/*.test.{ts,tsx}`], ...options } };
}

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 60_000,
    projects: [
      project('unit', { setupFiles: ['test/unit/noProcesses.ts'] }),
      project('integration'),
      project('answers'),
      project('dap'),
      project('faults'),
    ],
  },
});
