import { z } from 'zod';
import { operationsText } from '../../messages/server/operations';
import { approvalIdSchema, approvalSchema, decisionInputSchema } from '../approval/approval';
import {
	approvalFiguresSchema,
	approvalPageSchema,
	approvalQuerySchema,
	decidedManySchema,
	decideManySchema,
	figuresQuerySchema
} from '../approval/approval-query';
import { ROLES } from '../wire/identity';
import { openedLinkSchema } from '../wire/webhook';
import { change, get, MEMBERS, post, read } from './operation';

const { summary } = operationsText;

/** A decision is read further than other bodies: one that is too large is refused on record, bytes. */
const MAX_DECISION = 8_388_608;

const onApproval = z.object({ id: approvalIdSchema });
const APPROVAL = '/approvals/{id}';
const approver = ['approver'] as const;
const approverOrAdmin = ['approver', 'admin'] as const;
const audit = { target: ({ id }: { id: string }) => id };

/** Operations that act on one approval. */
export const approvalActions = {
	'approval.decide': change({
		summary: summary['approval.decide'],
		roles: approver,
		place: 'approval',
		input: onApproval.extend({ decision: decisionInputSchema }),
		output: approvalSchema,
		audit: { ...audit, reason: ({ decision }) => decision.reason },
		http: [
			post(`${APPROVAL}/decision`, { body: { member: 'decision' }, maxBodyBytes: MAX_DECISION })
		]
	}),
	'approval.undo': change({
		summary: summary['approval.undo'],
		roles: approver,
		place: 'approval',
		input: onApproval,
		output: approvalSchema,
		audit,
		http: [post(`${APPROVAL}/undo`)]
	}),
	'approval.deliver-now': change({
		summary: summary['approval.deliver-now'],
		roles: approver,
		place: 'approval',
		input: onApproval,
		output: approvalSchema,
		audit,
		http: [post(`${APPROVAL}/deliver-now`)]
	}),
	'approval.claim': change({
		summary: summary['approval.claim'],
		roles: approver,
		place: 'approval',
		input: onApproval,
		output: approvalSchema,
		audit,
		http: [post(`${APPROVAL}/claim`)]
	}),
	'approval.release': change({
		summary: summary['approval.release'],
		roles: approverOrAdmin,
		place: 'approval',
		input: onApproval,
		output: approvalSchema,
		audit,
		http: [post(`${APPROVAL}/release`)]
	}),
	'approval.hand-over': change({
		summary: summary['approval.hand-over'],
		roles: approverOrAdmin,
		place: 'approval',
		/** Who is to have the approval from now on, by name or email. */
		input: onApproval.extend({ to: z.string().trim().min(1).max(200) }),
		output: approvalSchema,
		audit,
		http: [post(`${APPROVAL}/hand-over`, { body: MEMBERS })]
	})
};

export const approvalOperations = {
	'approvals.list': read({
		summary: summary['approvals.list'],
		roles: ROLES,
		place: 'visible',
		input: z.object({ query: approvalQuerySchema }),
		output: approvalPageSchema,
		http: [get('/approvals', { query: { member: 'query' } })]
	}),
	'approvals.figures': read({
		summary: summary['approvals.figures'],
		roles: ROLES,
		place: 'visible',
		input: z.object({ query: figuresQuerySchema }),
		output: approvalFiguresSchema,
		http: [get('/approvals/figures', { query: { member: 'query' } })]
	}),
	'approvals.decide-many': change({
		summary: summary['approvals.decide-many'],
		roles: approver,
		place: 'visible',
		input: z.object(decideManySchema.shape),
		output: decidedManySchema,
		// Each decision has an entry of its own beside this one.
		audit: { target: () => null },
		http: [post('/approvals/decisions', { body: MEMBERS })]
	}),
	'approval.get': read({
		summary: summary['approval.get'],
		roles: ROLES,
		place: 'approval',
		input: onApproval,
		output: approvalSchema,
		http: [get(APPROVAL)]
	}),
	...approvalActions,
	'approval.open-link': change({
		summary: summary['approval.open-link'],
		roles: ROLES,
		place: 'visible',
		input: z.object({ token: z.string().max(300) }),
		output: openedLinkSchema,
		audit: {
			target: (_input, opened) => opened && opened.approval,
			detail: () => ({}) // the token is a secret
		},
		http: [
			get('/links/{token}', {
				status: 303,
				location: '/approvals/{approval}',
				problemLocation: '/approvals?link={kind}'
			})
		]
	})
};
