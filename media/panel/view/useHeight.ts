import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** The height that an element has inside, in pixels. @param first until it is known */
export function useHeight<T extends HTMLElement>(first: number): [ref: { current: T | null }, height: number] {
  const ref = useRef<T | null>(null);
  const [height, setHeight] = useState(first);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    setHeight(element.clientHeight);
    return () => observer.disconnect();
  }, []);
  return [ref, height];
}
