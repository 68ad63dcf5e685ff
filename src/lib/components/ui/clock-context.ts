import { createContext } from 'svelte';
import type { Clock } from '$lib/client';

/** The clock of all times and durations. The root layout sets it. */
export const [getClock, setClock] = createContext<Clock>();
