import { createContext } from 'svelte';

/** The count of pending approvals at the start of every document title. Set by the layout. */
export const [getTitleCount, setTitleCount] = createContext<() => number>();
