// On this machine, and only when `npm start` or the tests set AUTH=local, the request itself says
// who makes it.
import { signInText } from '../lib/messages/server/sign-in';
import {
	LOCAL_IDENTITY_COOKIE,
	localSubject,
	parseLocalIdentity,
	problem,
	ROLES,
	type Identity,
	type Problem
} from '../lib/protocol';

export type SignIn =
	{ ok: true; identity: Identity; local: boolean } | { ok: false; problem: Problem };

/** Who makes a request that says nothing: everything is possible on one's own machine. */
const YOU = 'you';

export function localIdentity(request: Request): SignIn {
	const said = saidIdentity(request);
	if (said === null) {
		const you = { subject: localSubject(YOU), name: YOU, email: null, roles: [...ROLES] };
		return { ok: true, local: true, identity: you };
	}
	const identity = parseLocalIdentity(said);
	if (identity) return { ok: true, local: true, identity };
	const detail = signInText.localIdentityUnreadable(said.slice(0, 100), ROLES.join(', '));
	return { ok: false, problem: problem('unauthenticated', detail) };
}

/** What the request says locally: the header first, then the cookie; null for neither. */
function saidIdentity(request: Request): string | null {
	const header = /^Local(?:\s+(.*))?$/i.exec(request.headers.get('authorization') ?? '');
	if (header) return header[1]?.trim() ?? '';
	for (const cookie of (request.headers.get('cookie') ?? '').split(';')) {
		const cut = cookie.indexOf('=');
		if (cookie.slice(0, cut).trim() !== LOCAL_IDENTITY_COOKIE) continue;
		try {
			return decodeURIComponent(cookie.slice(cut + 1).trim());
		} catch {
			return cookie.slice(cut + 1).trim(); // not encoded after all: taken as it is
		}
	}
	return null;
}
