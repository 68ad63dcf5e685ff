// A saved view: a list of runs by name, as its URL has it. Some come with Signalbox.
import { fieldErrorsText } from '../../messages/server/field-errors';
import { z } from 'zod';
import type { Identity, Role } from './identity';
import { timestampSchema } from './json';
import { DEFAULT_ORDER, runOrderSchema, runQuerySchema } from '../run/query';

/** Sharing a view with everybody needs one of these roles; anyone may keep views of their own. */
export const SHARING_ROLES: readonly Role[] = ['operator', 'admin'];

export const viewIdSchema = z.string().min(1).max(64);

/** The body of `POST /views` and `PUT /views/{id}`. */
export const savedViewInputSchema = z.strictObject({
	name: z.string().trim().min(1, fieldErrorsText.empty).max(60, fieldErrorsText.tooLong(60)),
	q: runQuerySchema.shape.q,
	/** As the list's URL writes it: `created:desc`. */
	order: z
		.string()
		.default(DEFAULT_ORDER)
		.pipe(runOrderSchema)
		.transform(({ field, direction }) => `${field}:${direction}`),
	/** Ids of columns, in order; null for those that each person has chosen. */
	columns: z.array(z.string().min(1).max(300)).min(1).max(40).nullable().default(null),
	/** How times are written: `relative`, `local`, `UTC`, a zone; null for each person's own way. */
	zone: z.string().min(1).max(64).nullable().default(null),
	/** Everybody sees it. */
	shared: z.boolean().default(false),
	/** Its count stands in the navigation of whoever has it pinned. */
	badge: z.boolean().default(false)
});
export type SavedViewInput = z.output<typeof savedViewInputSchema>;

/** A view as one person sees it. */
export const savedViewSchema = z.object({
	id: viewIdSchema,
	name: z.string(),
	q: z.string(),
	order: z.string(),
	columns: z.array(z.string()).nullable(),
	zone: z.string().nullable(),
	shared: z.boolean(),
	badge: z.boolean(),
	/** Who made it; null for one that comes with Signalbox. */
	owner: z.string().nullable(),
	/** The person who asks has it at hand. */
	pinned: z.boolean(),
	createdAt: timestampSchema,
	updatedAt: timestampSchema
});
export type SavedView = z.infer<typeof savedViewSchema>;

/** How many runs a view finds, as the list counts them: 10,000 and not exact where it is more. */
export const viewCountSchema = z.object({ total: z.number().int(), totalExact: z.boolean() });
export type ViewCount = z.infer<typeof viewCountSchema>;
export const viewCountsSchema = z.record(viewIdSchema, viewCountSchema);
export type ViewCounts = z.infer<typeof viewCountsSchema>;

/** What `GET /views` answers; the count of a query that cannot be read any more is null. */
export const savedViewListSchema = z.object({
	views: z.array(savedViewSchema.extend({ count: viewCountSchema.nullable() }))
});

const builtIn = (
	id: string,
	name: string,
	q: string,
	rest: Partial<SavedView> = {}
): SavedView => ({
	id,
	name,
	q,
	order: DEFAULT_ORDER,
	columns: null,
	zone: null,
	shared: true,
	badge: false,
	owner: null,
	pinned: true,
	createdAt: 0,
	updatedAt: 0,
	...rest
});

/** The views that come with Signalbox. They can be unpinned, and copied, but not changed. */
export const BUILT_IN_VIEWS: readonly SavedView[] = [
	builtIn('failed-24h', 'Failed in the last 24 h', 'outcome:failed finished:<24h', {
		order: 'finished:desc',
		badge: true
	}),
	builtIn('waiting-for-a-person', 'Waiting for a person', 'is:approval'),
	builtIn('overdue', 'Overdue', 'is:overdue', { badge: true }),
	builtIn('running', 'Running', 'status:running')
];

/**
 * By what a person's views are kept: the subject. On this machine it goes without its prefix, as
 * views were kept before there were subjects; no name there can be an email.
 */
export function ownerNameOf({ subject }: Pick<Identity, 'subject'>): string {
	return subject.replace(/^local:/, '');
}

/** May this person change or delete a view that they see? */
export function mayEditView(
	{ owner, shared }: Pick<SavedView, 'owner' | 'shared'>,
	person: Pick<Identity, 'subject' | 'roles'>
): boolean {
	if (owner === null) return false;
	return owner === ownerNameOf(person) || (shared && person.roles.includes('admin'));
}

/** May somebody with these roles share a view with everybody? */
export function mayShareViews(roles: readonly Role[]): boolean {
	return SHARING_ROLES.some((role) => roles.includes(role));
}
