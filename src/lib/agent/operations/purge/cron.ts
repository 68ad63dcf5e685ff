import { Cron } from 'croner';
import { policiesText } from '../../../messages/server/purge';
import { ProblemError } from '../../../protocol';

/**
 * The next times of a schedule after a time, Ms: fewer when there are no more. A time that daylight
 * saving skips fires when the clocks have gone forward, and one that it repeats fires once.
 * @throws ProblemError `invalid-input` for an expression or a zone that is none, or that never fires
 */
export function nextTimes(
	{ schedule, zone }: { schedule: string; zone: string },
	after: number,
	many: number
): number[] {
	try {
		new Intl.DateTimeFormat('en', { timeZone: zone });
	} catch {
		throw wrong('zone', policiesText.invalidZone);
	}
	let times: number[];
	try {
		const cron = new Cron(schedule, { timezone: zone, mode: '5-part' });
		times = cron.nextRuns(many, new Date(after)).map((date) => date.getTime());
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw wrong('schedule', policiesText.invalidCron(why));
	}
	if (times.length === 0) throw wrong('schedule', policiesText.neverFires);
	return times;
}

function wrong(path: string, message: string): ProblemError {
	return new ProblemError('invalid-input', `${path}: ${message}`, { errors: [{ path, message }] });
}
