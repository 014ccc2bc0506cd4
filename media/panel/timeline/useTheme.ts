import { useEffect, useState } from 'preact/hooks';
import { readTheme, type Theme } from './theme';

function present(): Theme {
  const style = getComputedStyle(document.body);
  return readTheme((name) => style.getPropertyValue(name), document.body.className);
}

/** The editor's current theme, for a canvas. */
export function useTheme(): Theme {
  const [theme, setTheme] = useState(present);
  useEffect(() => {
    // The variables are on the root element, the kind of theme on the body; both change together, and are read afterwards.
    const read = (): number => requestAnimationFrame(() => setTheme(present()));
    const observer = new MutationObserver(read);
    observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
    return () => observer.disconnect();
  }, []);
  return theme;
}
