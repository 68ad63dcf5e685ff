import type { Approval, OnTimeout } from '../../protocol';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The server warns when a quarter of the whole time is left, and at most so much, Ms. */
const NEAR_MS = 15 * MINUTE_MS;
const NEAR_SHARE = 4;

/** What is said of a deadline, and how urgently. */
export type DeadlineWords = { text: string; urgency: 'far' | 'near' | 'past' };

const AFTER: Record<OnTimeout, string> = {
	reject: 'then rejected',
	approve: 'then approved',
	fail: 'then its run is told that nobody decided'
};

/** `expires in 2 h 10 min, then rejected`, by the server's time; null without a deadline. */
export function deadlineWords(
	{ requestedAt, expiresAt, onTimeout }: Pick<Approval, 'requestedAt' | 'expiresAt' | 'onTimeout'>,
	now: number
): DeadlineWords | null {
	if (expiresAt === null) return null;
	const left = expiresAt - now;
	if (left <= 0) return { text: 'its time is up', urgency: 'past' };
	const near = Math.min(NEAR_MS, (expiresAt - requestedAt) / NEAR_SHARE);
	return {
		text: `expires in ${timeLeft(left)}, ${AFTER[onTimeout ?? 'fail']}`,
		urgency: left <= near ? 'near' : 'far'
	};
}

/** A time that runs out, in two units: `3 d 4 h`, `2 h 10 min`, `4 min 5 s`, `12 s`. */
export function timeLeft(ms: number): string {
	const seconds = Math.max(1, Math.ceil(ms / SECOND_MS)) * SECOND_MS;
	const whole = (of: number, unit: number) => Math.floor(of / unit);
	if (seconds < MINUTE_MS) return `${whole(seconds, SECOND_MS)} s`;
	if (seconds < 10 * MINUTE_MS) {
		return `${whole(seconds, MINUTE_MS)} min ${whole(seconds % MINUTE_MS, SECOND_MS)} s`;
	}
	if (seconds < HOUR_MS) return `${whole(seconds, MINUTE_MS)} min`;
	if (seconds < DAY_MS) {
		return `${whole(seconds, HOUR_MS)} h ${whole(seconds % HOUR_MS, MINUTE_MS)} min`;
	}
	return `${whole(seconds, DAY_MS)} d ${whole(seconds % DAY_MS, HOUR_MS)} h`;
}
