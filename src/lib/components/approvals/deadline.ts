import { approvalsText } from '$lib/messages/components/approvals';
import { timeText } from '$lib/messages/components/time';
import type { Approval } from '../../protocol';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The server warns when a quarter of the time is left, but not earlier than this, in ms. */
const NEAR_MS = 15 * MINUTE_MS;
const NEAR_SHARE = 4;

/** A deadline in words, and how urgent it is. */
export type DeadlineText = { text: string; urgency: 'far' | 'near' | 'past' };

/** `expires in 2 h 10 min, then rejected`, by the server's time; null without a deadline. */
export function describeDeadline(
	{ requestedAt, expiresAt, onTimeout }: Pick<Approval, 'requestedAt' | 'expiresAt' | 'onTimeout'>,
	now: number
): DeadlineText | null {
	if (expiresAt === null) return null;
	const left = expiresAt - now;
	if (left <= 0) return { text: approvalsText.expired, urgency: 'past' };
	const near = Math.min(NEAR_MS, (expiresAt - requestedAt) / NEAR_SHARE);
	const { expiresIn } = approvalsText;
	const then = onTimeout ?? 'fail';
	return {
		text: Object.hasOwn(expiresIn, then)
			? expiresIn[then](timeLeft(left))
			: approvalsText.expiresInOther(timeLeft(left), then),
		urgency: left <= near ? 'near' : 'far'
	};
}

/** A countdown in at most two units: `3 d 4 h`, `2 h 10 min`, `4 min 5 s`, `12 s`. */
export function timeLeft(ms: number): string {
	const left = Math.max(1, Math.ceil(ms / SECOND_MS)) * SECOND_MS;
	const whole = (of: number, unit: number) => Math.floor(of / unit);
	if (left < MINUTE_MS) return timeText.seconds(whole(left, SECOND_MS));
	const minutes = whole(left, MINUTE_MS);
	if (minutes < 10) {
		return timeText.minutesAndSecondsLeft(minutes, whole(left % MINUTE_MS, SECOND_MS));
	}
	if (left < HOUR_MS) return timeText.minutes(minutes);
	const hours = whole(left, HOUR_MS);
	if (left < DAY_MS) return timeText.hoursAndMinutesLeft(hours, whole(left % HOUR_MS, MINUTE_MS));
	return timeText.daysAndHours(whole(left, DAY_MS), whole(left % DAY_MS, HOUR_MS));
}
