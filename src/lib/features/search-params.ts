import { goto } from '$app/navigation';
import { page } from '$app/state';

/** Search parameters to change: null takes one away, a list gives it more than once. */
export type ParamChanges = Record<string, string | readonly string[] | null>;

/** The page's URL with some of its search parameters changed. */
function withParams(url: URL, changes: ParamChanges): string {
	const params = new URLSearchParams(url.search);
	for (const [name, value] of Object.entries(changes)) {
		params.delete(name);
		const values = typeof value === 'string' ? [value] : (value ?? []);
		for (const one of values) if (one !== '') params.append(name, one);
	}
	const search = params.toString();
	return search === '' ? url.pathname : `${url.pathname}?${search}`;
}

/** Changes search parameters in place: the page stays where it is, and Back leaves it. */
export async function setParams(changes: ParamChanges): Promise<void> {
	await goto(withParams(page.url, changes), {
		replaceState: true,
		noScroll: true,
		keepFocus: true
	});
}
