import { goto } from '$app/navigation';
import { page } from '$app/state';

/** Search parameters to change: null removes one, a list repeats it. */
export type ParamChanges = Record<string, string | readonly string[] | null>;

function withParams(url: URL, changes: ParamChanges): string {
	const params = new URLSearchParams(url.search);
	for (const [name, value] of Object.entries(changes)) {
		params.delete(name);
		const values = typeof value === 'string' ? [value] : (value ?? []);
		for (const each of values) if (each !== '') params.append(name, each);
	}
	const search = params.toString();
	return search === '' ? url.pathname : `${url.pathname}?${search}`;
}

/** Changes search parameters without a new history entry, keeping scroll position and focus. */
export async function setParams(changes: ParamChanges): Promise<void> {
	await goto(withParams(page.url, changes), {
		replaceState: true,
		noScroll: true,
		keepFocus: true
	});
}
