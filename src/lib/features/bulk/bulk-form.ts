import { bulkActionsText } from '$lib/messages/pages/bulk-actions';
import { parseJson } from '$lib/components/schema-form/reading';
import { eventInputSchema, type BulkActionInput } from '$lib/protocol';
import { BULK_LOOK, type BulkChoice } from './bulk-look';

export type BulkForm = { step: string; eventType: string; payload: string };

export const EMPTY_BULK_FORM: BulkForm = { step: '', eventType: '', payload: '{}' };

export type BulkFormErrors = Partial<Record<keyof BulkForm, string>>;

/** The action of a choice and its form, or the errors by field. */
export function readAction(
	choice: BulkChoice,
	form: BulkForm
): { input: BulkActionInput | null; errors: BulkFormErrors } {
	if (choice === 'restart-from') {
		const name = form.step.trim();
		if (name === '') return invalid({ step: bulkActionsText.stepRequired });
		return { input: { action: 'restart', from: { name } }, errors: {} };
	}
	if (choice !== 'send-event') {
		// All other choices are actions without further input.
		return { input: { action: BULK_LOOK[choice].action } as BulkActionInput, errors: {} };
	}
	const type = eventInputSchema.shape.type.safeParse(form.eventType.trim());
	const payload = parseJson(form.payload.trim() === '' ? 'null' : form.payload);
	if (type.success && payload.ok) {
		const event = { type: type.data, payload: payload.value };
		return { input: { action: 'send-event', event }, errors: {} };
	}
	return invalid({
		...(type.success ? {} : { eventType: bulkActionsText.invalidEventType }),
		...(payload.ok ? {} : { payload: bulkActionsText.invalidPayload(payload.message) })
	});
}

const invalid = (errors: BulkFormErrors) => ({ input: null, errors });
