import { describe, expect, it } from 'vitest';
import { isVersion, known } from '../shared/script';

describe('arguments of a script', () => {
  it('rejects an unknown name, and lists the known ones', () => {
    expect(() => known('suite', ['test_os', 'test_so'], ['test_os', 'test_fork1'])).toThrow(
      'There is no suite test_so; there are: test_os, test_fork1.',
    );
    expect(() => known('version', ['3.13'], [])).toThrow('There is no version 3.13; there are: none.');
  });

  it('accepts known names, and none', () => {
    expect(() => known('suite', ['test_os'], ['test_os'])).not.toThrow();
    expect(() => known('suite', [], [])).not.toThrow();
    expect(() => known('version', ['3.13'], ['3.13.1'], isVersion)).not.toThrow();
  });

  it('distinguishes 3.13 from 3.1', () => {
    expect(isVersion('3.13.1', '3.13')).toBe(true);
    expect(isVersion('3.13.1', '3.1')).toBe(false);
    expect(isVersion('3.13.1', '3.13.1')).toBe(true);
    expect(isVersion('3.13.1t', '3.13t')).toBe(true);
    expect(isVersion('3.13.1t', '3.13')).toBe(false);
    expect(isVersion('3.13.1', '3.13t')).toBe(false);
  });
});
