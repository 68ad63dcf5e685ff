import { translated } from '../locale';

const en = {
	now: 'now',
	ago: (length: string) => `${length} ago`,
	ahead: (length: string) => `in ${length}`,
	dateAndTime: (date: string, time: string) => `${date}, ${time}`,
	exactAndRelative: (exact: string, relative: string) => `${exact} (${relative})`,
	/** Lengths of time in one unit. */
	milliseconds: (count: number) => `${count} ms`,
	seconds: (count: number | string) => `${count} s`,
	minutes: (count: number) => `${count} min`,
	hours: (count: number) => `${count} h`,
	days: (count: number) => `${count} d`,
	/** Lengths of time in two units; the second may be padded to two digits. */
	minutesAndSeconds: (minutes: number, seconds: string) => `${minutes} m ${seconds} s`,
	hoursAndMinutes: (hours: number, minutes: string) => `${hours} h ${minutes} m`,
	daysAndHours: (days: number, hours: number) => `${days} d ${hours} h`,
	/** Countdowns. */
	minutesAndSecondsLeft: (minutes: number, seconds: number) => `${minutes} min ${seconds} s`,
	hoursAndMinutesLeft: (hours: number, minutes: number) => `${hours} h ${minutes} min`,
	/** Units along an axis. */
	unit: { day: 'd', hour: 'h', minute: 'm', second: 's', millisecond: 'ms' }
};

export const timeText = translated({ en });
