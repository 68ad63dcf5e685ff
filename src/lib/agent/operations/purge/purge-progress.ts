import { z } from 'zod';

/** How far a purge has come, as its run reports it. */
const purgeProgressSchema = z.object({
	stage: z.literal('delete'),
	deleted: z.number(),
	total: z.number(),
	kept: z.number(),
	failed: z.number(),
	/** From 0 to 1. */
	percent: z.number(),
	perSecond: z.number().nullable(),
	/** How much longer it will take, Ms. */
	leftMs: z.number().nullable()
});
export type PurgeProgress = z.infer<typeof purgeProgressSchema>;

/** The progress of a purge's run; null for one of another version. */
export function progressOf(progress: unknown): PurgeProgress | null {
	return purgeProgressSchema.safeParse(progress).data ?? null;
}

/** The pace of a part of the work, and how long the rest takes at it. */
export function paceOf(
	{ runs, ms }: { runs: number; ms: number },
	left: number
): Pick<PurgeProgress, 'perSecond' | 'leftMs'> {
	if (left === 0) return { perSecond: null, leftMs: 0 };
	if (runs === 0 || ms <= 0) return { perSecond: null, leftMs: null };
	const perSecond = (runs * 1_000) / ms;
	return { perSecond: Math.round(perSecond), leftMs: Math.round((left * 1_000) / perSecond) };
}
