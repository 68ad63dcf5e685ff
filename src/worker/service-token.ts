// Access service tokens: programs that sign in without a person. `getIdentity()` knows people only,
// so a token's name is read from the JWT that Access adds, once its signature is verified.
import { createRemoteJWKSet, decodeJwt, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { signInText } from '../lib/messages/server/sign-in';
import { problem, type Answer, type ProblemKind } from '../lib/protocol';

export const ACCESS_JWT_HEADER = 'cf-access-jwt-assertion';

/** Where Access publishes its keys, and for which application a token must be made. */
export type AccessApplication = { teamDomain: string; audience: string };

/** Access signs with RS256; any other algorithm is somebody else's token. */
const ALGORITHMS = ['RS256'];

/** What `jose` says when the keys are at fault, not the token. */
const KEYS_FAILED = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID']);

const claimsSchema = z.object({
	common_name: z.string().min(1).max(190),
	exp: z.number()
});

const keySets = new Map<string, JWTVerifyGetKey>();

/** The published keys of a team, kept between requests. */
function keysOf(teamDomain: string): JWTVerifyGetKey {
	let keys = keySets.get(teamDomain);
	if (!keys) {
		keys = createRemoteJWKSet(new URL(`https://${teamDomain}/cdn-cgi/access/certs`));
		keySets.set(teamDomain, keys);
	}
	return keys;
}

/** A service token: its name, and when the JWT that says so ends, Ms. */
export type ServiceToken = { name: string; sessionEndsAt: number };

/** The service token that a JWT was made for, or why it is not accepted. */
export async function readServiceToken(
	jwt: string,
	{ teamDomain, audience }: AccessApplication,
	keys: JWTVerifyGetKey = keysOf(teamDomain)
): Promise<Answer<ServiceToken>> {
	try {
		const { payload } = await jwtVerify(jwt, keys, {
			issuer: `https://${teamDomain}`,
			audience,
			algorithms: ALGORITHMS
		});
		const claims = claimsSchema.safeParse(payload);
		if (claims.success) {
			const { common_name: name, exp } = claims.data;
			return { ok: true, value: { name, sessionEndsAt: msOf(exp) } };
		}
		return refused('unauthenticated', signInText.serviceTokenInvalid('it names no service token'));
	} catch (error) {
		if (error instanceof errors.JOSEError && !KEYS_FAILED.has(error.code)) {
			return refused('unauthenticated', signInText.serviceTokenInvalid(error.code));
		}
		console.error('The keys of Cloudflare Access could not be loaded.', error);
		return refused('unavailable', signInText.serviceTokenKeysUnavailable);
	}
}

/**
 * When the JWT of a person ends, Ms; null when it does not say. Access has verified it before the
 * Worker runs, so it is only read here.
 */
export function sessionEndOf(jwt: string | null): number | null {
	if (!jwt) return null;
	try {
		const { exp } = decodeJwt(jwt);
		return exp === undefined ? null : msOf(exp);
	} catch {
		return null; // not a JWT: the identity came from Access itself all the same
	}
}

function msOf(seconds: number): number {
	return Math.max(0, Math.floor(seconds * 1_000));
}

function refused(kind: ProblemKind, detail: string): Answer<never> {
	return { ok: false, problem: problem(kind, detail) };
}
