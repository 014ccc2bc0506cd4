import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** The width of an element's content area, in pixels. */
export function useWidth<T extends HTMLElement>(): [ref: { current: T | null }, width: number] {
  const ref = useRef<T | null>(null);
  const [width, setWidth] = useState(700);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const look = () => {
      const { paddingLeft, paddingRight } = getComputedStyle(element);
      setWidth(element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight));
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    look();
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}
