import type { TimeRange } from './scale';

/** A range of time as the address has it: `1200-5300`, in Ms since the run began. */
export function formatRange({ from, to }: TimeRange, zero: number): string {
	return `${Math.round(from - zero)}-${Math.round(to - zero)}`;
}

/** The range that an address names; null for none, or for one that cannot be. */
export function parseRange(text: string | null, zero: number): TimeRange | null {
	const found = /^(-?\d{1,13})-(-?\d{1,13})$/.exec(text ?? '');
	if (!found) return null;
	const [from, to] = [zero + Number(found[1]), zero + Number(found[2])];
	return to > from ? { from, to } : null;
}
