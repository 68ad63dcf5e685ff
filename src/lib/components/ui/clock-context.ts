import { createContext } from 'svelte';
import type { Clock } from '$lib/client';

/** The clock that times and durations tick by. The root layout sets it. */
export const [getClock, setClock] = createContext<Clock>();
