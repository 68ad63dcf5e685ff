import { z } from 'zod';
import { operationsText } from '../../messages/server/operations';
import { ROLES } from '../wire/identity';
import {
	savedViewInputSchema,
	savedViewListSchema,
	savedViewSchema,
	viewIdSchema
} from '../wire/saved-view';
import { change, del, get, post, put, read } from './operation';

const { summary } = operationsText;
const onView = z.object({ id: viewIdSchema });

// Anyone may keep views of their own. Sharing one needs a role more: see `SHARING_ROLES`.
export const viewOperations = {
	'views.list': read({
		summary: summary['views.list'],
		roles: ROLES,
		place: 'visible',
		input: z.object({}),
		output: savedViewListSchema,
		http: [get('/views')]
	}),
	'view.save': change({
		summary: summary['view.save'],
		roles: ROLES,
		place: 'visible',
		input: z.object({ id: viewIdSchema.optional(), view: savedViewInputSchema }),
		output: savedViewSchema,
		audit: { target: ({ id }, view) => view?.id ?? id ?? null },
		http: [
			post('/views', { status: 201, body: { member: 'view' } }),
			put('/views/{id}', { body: { member: 'view' } })
		]
	}),
	'view.delete': change({
		summary: summary['view.delete'],
		roles: ROLES,
		place: 'visible',
		input: onView,
		output: z.object({ deleted: z.literal(true) }),
		audit: { target: ({ id }) => id },
		http: [del('/views/{id}')]
	}),
	'view.pin': change({
		summary: summary['view.pin'],
		roles: ROLES,
		place: 'visible',
		input: onView.extend({ pinned: z.boolean() }),
		output: savedViewSchema,
		audit: { target: ({ id }) => id },
		http: [
			put('/views/{id}/pin', { fixed: { pinned: true } }),
			del('/views/{id}/pin', { status: 200, fixed: { pinned: false } })
		]
	})
};
