import { defineConfig } from 'vitest/config';

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
