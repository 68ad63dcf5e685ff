import { openedLinkSchema, problemSchema } from '$lib/protocol';
import { ask, noStore } from '../../respond';
import type { RequestHandler } from './$types';

const leadTo = (location: string) =>
	new Response(null, { status: 303, headers: { location, ...noStore.headers } });

/** Leads to the approval's page; a person whose link is no good any more gets to the inbox. */
export const GET: RequestHandler = async (event) => {
	const response = await ask(event, { type: 'approval.open-link', ...event.params }, (value) =>
		leadTo(`/approvals/${openedLinkSchema.parse(value).approval}`)
	);
	const isPerson = event.request.headers.get('accept')?.includes('text/html') ?? false;
	if (response.status < 400 || !isPerson) return response;
	const { type } = problemSchema.parse(await response.json());
	return leadTo(`/approvals?link=${type.split(':').at(-1)}`);
};

/** To look whether a link is there uses up none. */
export const HEAD: RequestHandler = () => new Response(null, noStore);
