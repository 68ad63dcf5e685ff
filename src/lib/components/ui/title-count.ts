import { createContext } from 'svelte';

/** How many things wait for whoever looks: every page's title begins with it. Set by the layout. */
export const [getTitleCount, setTitleCount] = createContext<() => number>();
