// What a workflow asks for with `requestApproval`, on its way to the Agent: a gate's definition,
// known there before the run begins to wait.
import { z } from 'zod';
import { decisionSchema, onTimeoutSchema, severitySchema } from './approval';
import { valuesText } from '../../messages/server/values';
import { bytesOf, jsonObjectSchema, jsonSchema } from '../wire/json';
import { GATE_EVENT } from '../run/events';
import { Redactor } from '../wire/redact';
import { runRefSchema } from '../run/run';

/** How the event types of gates begin; see {@link gateEventType}. */
const GATE_PREFIX = 'approval-';

const person = z.string().trim().min(1).max(200);

/** A gate as its workflow defines it. Times are lengths in Ms from the moment it is asked. */
export const gateSchema = z.object({
	title: z.string().trim().min(1).max(300),
	description: z.string().max(20_000).nullable(),
	facts: jsonObjectSchema,
	form: jsonObjectSchema.nullable(),
	initial: jsonSchema,
	approvers: z.array(person).min(1).max(50),
	quorum: z.number().int().min(1).max(20),
	requestedBy: person.nullable(),
	allowRequester: z.boolean(),
	timeoutMs: z.number().int().positive().nullable(),
	onTimeout: onTimeoutSchema,
	escalateAfterMs: z.number().int().positive().nullable(),
	escalateTo: z.array(person).max(50),
	severity: severitySchema
});
export type Gate = z.infer<typeof gateSchema>;

/** The largest `facts`, `form` or `initial` of a gate, bytes of JSON: all of them travel together. */
const MAX_GATE_VALUE_BYTES = 65_536;

/** A gate as a workflow may request it now; earlier versions stored larger ones. */
export const requestedGateSchema = gateSchema.superRefine((gate, context) => {
	for (const member of ['facts', 'form', 'initial'] as const) {
		if (bytesOf(gate[member]) <= MAX_GATE_VALUE_BYTES) continue;
		const message = valuesText.tooLarge(MAX_GATE_VALUE_BYTES);
		context.addIssue({ code: 'custom', path: [member], message });
	}
});

/** Tells an Agent what the wait of this event type is for. */
export const gateOpeningSchema = z.object({
	ref: runRefSchema,
	eventType: z.string().max(100).regex(GATE_EVENT),
	gate: gateSchema
});
export type GateOpening = z.infer<typeof gateOpeningSchema>;

/** What the event of a decided gate says to its workflow. */
export const gateOutcomeSchema = z.object({
	outcome: z.enum(['approved', 'rejected', 'expired']),
	decisions: z.array(decisionSchema)
});
export type GateOutcome = z.infer<typeof gateOutcomeSchema>;

/**
 * An event type that belongs to one gate alone, so that no event for another can open it: what it
 * asks, short, and something nobody can guess.
 */
export function gateEventType(title: string, token: string): string {
	// An event type is shown, so nothing that is masked in a title may stand in it.
	const slug = new Redactor()
		.maskText(title)
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/g, '-')
		.replaceAll(/^-+|-+$/g, '')
		.slice(0, 40);
	return `${GATE_PREFIX}${slug ? `${slug}-` : ''}${token}`;
}
