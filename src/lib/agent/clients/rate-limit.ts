// How much one person or connection may ask for: a bucket of tokens for each, which refills. Kept in
// memory only: an Agent that was evicted was not busy.
import { z } from 'zod';
import { problem, type Problem } from '../../protocol';
import { agentErrorText } from '../../messages/server/agent-errors';

/** So many at once, and so many a second from then on. */
export type Rate = { burst: number; perSecond: number };

const rateSchema = z.object({ burst: z.number().min(1), perSecond: z.number().positive() });

/**
 * What the variable `RATE_LIMITS` may change. Changes and reads are counted for each person, frames
 * for each connection.
 */
const DEFAULT_RATES = {
	changes: { burst: 2_000, perSecond: 50 },
	reads: { burst: 5_000, perSecond: 200 },
	frames: { burst: 5_000, perSecond: 200 }
} satisfies Record<string, Rate>;
export type Rates = { [K in keyof typeof DEFAULT_RATES]: Rate };

const ratesSchema = z
	.object({ changes: rateSchema, reads: rateSchema, frames: rateSchema })
	.partial();

/** The rates of the variable `RATE_LIMITS`, JSON; the defaults for what it does not say. */
export function ratesOf(env: object): Rates {
	const text: unknown = Reflect.get(env, 'RATE_LIMITS');
	if (typeof text !== 'string' || text.trim() === '') return DEFAULT_RATES;
	try {
		return { ...DEFAULT_RATES, ...ratesSchema.parse(JSON.parse(text)) };
	} catch (error) {
		console.error('The variable RATE_LIMITS cannot be read; the defaults apply.', error);
		return DEFAULT_RATES;
	}
}

/** Buckets that are full say nothing, and are dropped when there are so many. */
const MAX_BUCKETS = 1_000;

/** One bucket of tokens for each key. */
export class RateLimit {
	readonly #rate: Rate;
	readonly #buckets = new Map<string, { tokens: number; at: number }>();

	constructor(rate: Rate) {
		this.#rate = rate;
	}

	/**
	 * Takes tokens for a request, or says when to come back. What costs more than a full bucket takes
	 * all of it.
	 * @param now Ms
	 */
	take(key: string, now: number, cost = 1): Problem | null {
		const { burst, perSecond } = this.#rate;
		const tokens = this.#tokensOf(key, now);
		const needed = Math.min(cost, burst);
		if (tokens >= needed) {
			if (this.#buckets.size >= MAX_BUCKETS) this.#dropFull(now);
			this.#buckets.set(key, { tokens: tokens - needed, at: now });
			return null;
		}
		const retryAfterS = Math.max(1, Math.ceil((needed - tokens) / perSecond));
		return problem('rate-limited', agentErrorText.rateLimited(retryAfterS), { retryAfterS });
	}

	/** The key will not be used again. */
	delete(key: string): void {
		this.#buckets.delete(key);
	}

	#tokensOf(key: string, now: number): number {
		const bucket = this.#buckets.get(key);
		const { burst, perSecond } = this.#rate;
		if (!bucket) return burst;
		return Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1_000) * perSecond);
	}

	#dropFull(now: number): void {
		for (const key of this.#buckets.keys()) {
			if (this.#tokensOf(key, now) >= this.#rate.burst) this.#buckets.delete(key);
		}
	}
}
