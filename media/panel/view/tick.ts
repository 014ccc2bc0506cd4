import { useEffect, useState } from 'preact/hooks';

/** Draws again every `ms` while `on`: what says "since" counts on though nothing else changes. */
export function useTick(on: boolean, ms = 1000): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => setTick((tick) => tick + 1), ms);
    return () => clearInterval(timer);
  }, [on, ms]);
}
