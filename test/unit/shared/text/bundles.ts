/** Bundles that tell which texts were asked for. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Bundle, useBundle } from '../../../../server/shared/text/language';

export function chinese(): Record<string, string> {
  return JSON.parse(readFileSync(resolve('l10n/bundle.l10n.zh-cn.json'), 'utf8'));
}

/** What `make` makes with a bundle, and the texts that the bundle lacks. */
export function madeWith<T>(bundle: Record<string, string>, make: () => T): { made: T; missing: string[] } {
  const missing: string[] = [];
  const get = (_: unknown, key: string) => {
    if (bundle[key] === undefined) missing.push(key);
    return bundle[key];
  };
  useBundle(new Proxy({}, { get }) as Bundle);
  try {
    return { made: make(), missing };
  } finally {
    useBundle({});
  }
}

/** What is left where every text is replaced by its placeholders: what was put together without the bundle. */
export function untranslated(make: () => string): string {
  useBundle(new Proxy({}, { get: (_, key: string) => (key.match(/\{\d+\}/g) ?? ['·']).join('·') }) as Bundle);
  try {
    return make();
  } finally {
    useBundle({});
  }
}
