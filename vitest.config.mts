import { defineConfig } from 'vitest/config';
import { NODE_MAJOR } from './scripts/lib/tools.mjs';

// On an older one vitest shows no message of a test that fails.
if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR)
  throw new Error(
    `The tests need Node ${NODE_MAJOR}, and this is Node ${process.versions.node}. Use the Node of .nvmrc, or run \`npm test -- PART\`, which fetches it.`,
  );

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 60_000,
    include: [
      'test/unit/**/*.test.{ts,tsx}',
      'test/answers/**/*.test.ts',
      'test/dap/**/*.test.ts',
      'test/faults/**/*.test.ts',
    ],
  },
});
