import { goto } from '$app/navigation';
import { page } from '$app/state';

/** The page's URL with some of its search parameters changed; null takes one away. */
function withParams(url: URL, changes: Record<string, string | null>): string {
	const params = new URLSearchParams(url.search);
	for (const [name, value] of Object.entries(changes)) {
		if (value === null || value === '') params.delete(name);
		else params.set(name, value);
	}
	const search = params.toString();
	return search === '' ? url.pathname : `${url.pathname}?${search}`;
}

/** Changes search parameters in place: the page stays where it is, and Back leaves it. */
export async function setParams(changes: Record<string, string | null>): Promise<void> {
	await goto(withParams(page.url, changes), {
		replaceState: true,
		noScroll: true,
		keepFocus: true
	});
}
