import { useEffect, useState } from 'preact/hooks';

/** Redraws every `ms` while `on`, so that elapsed times continue although nothing else changes. */
export function useTick(on: boolean, ms = 1000): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => setTick((tick) => tick + 1), ms);
    return () => clearInterval(timer);
  }, [on, ms]);
}
