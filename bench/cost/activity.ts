// Calls that a Durable Object receives, and how long it has anything under way: what Cloudflare bills
// as requests and duration. An Agent that waits for nothing may hibernate, and costs nothing.

/** Requests, and the time with work under way, Ms, of one Durable Object. */
export type Activity = { object: string; requests: number; activeMs: number };

type Counted = Activity & { open: number; since: number };
/** What each Durable Object has under way. */
const counted = new Map<DurableObjectState, Counted>();

function countedOf(ctx: DurableObjectState): Counted {
	const known = counted.get(ctx) ?? {
		object: 'other',
		requests: 0,
		activeMs: 0,
		open: 0,
		since: 0
	};
	counted.set(ctx, known);
	return known;
}

/** Counts work as under way until it settles. */
export async function trackWork<T>(ctx: DurableObjectState, work: Promise<T>): Promise<T> {
	const own = countedOf(ctx);
	if (own.open === 0) own.since = Date.now();
	own.open += 1;
	try {
		return await work;
	} finally {
		own.open -= 1;
		if (own.open === 0) own.activeMs += Date.now() - own.since;
	}
}

/** Counts a call from outside, and its work. */
export function trackRequest<T>(ctx: DurableObjectState, work: Promise<T>): Promise<T> {
	countedOf(ctx).requests += 1;
	return trackWork(ctx, work);
}

/** Counts what a Durable Object leaves running, under the name of its class. */
export function trackBackground(ctx: DurableObjectState, object: string): void {
	countedOf(ctx).object = object;
	const waitUntil = ctx.waitUntil.bind(ctx);
	ctx.waitUntil = (work) => waitUntil(trackWork(ctx, Promise.resolve(work)));
}

/** Is anything under way? */
export function isActive(): boolean {
	return [...counted.values()].some(({ open }) => open > 0);
}

/** What was counted since the last time. */
export function takeActivity(): Activity[] {
	const now = Date.now();
	return [...counted.values()].map((own) => {
		const { object, requests, activeMs, open, since } = own;
		own.requests = 0;
		own.activeMs = 0;
		own.since = now;
		return { object, requests, activeMs: activeMs + (open > 0 ? now - since : 0) };
	});
}
