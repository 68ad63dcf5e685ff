import { bulkActionsText } from '$lib/messages/bulk-actions';
import { parseJson } from '$lib/components/schema-form/reading';
import { eventInputSchema, type BulkActionInput } from '$lib/protocol';
import { BULK_LOOK, type BulkChoice } from './bulk-look';

/** What is typed for a choice that asks for something. */
export type BulkForm = { step: string; eventType: string; payload: string };

export const EMPTY_BULK_FORM: BulkForm = { step: '', eventType: '', payload: '{}' };

/** What is wrong with the form, by field. */
export type BulkFormErrors = Partial<Record<keyof BulkForm, string>>;

/** What a choice and its form ask to do, or what is wrong with it. */
export function readAction(
	choice: BulkChoice,
	form: BulkForm
): { input: BulkActionInput | null; errors: BulkFormErrors } {
	if (choice === 'restart-from') {
		const name = form.step.trim();
		if (name === '') return wrong({ step: bulkActionsText.stepRequired });
		return { input: { action: 'restart', from: { name } }, errors: {} };
	}
	if (choice !== 'send-event') {
		// The choices beside those two are actions as they are.
		return { input: { action: BULK_LOOK[choice].action } as BulkActionInput, errors: {} };
	}
	const type = eventInputSchema.shape.type.safeParse(form.eventType.trim());
	const payload = parseJson(form.payload.trim() === '' ? 'null' : form.payload);
	if (type.success && payload.ok) {
		const event = { type: type.data, payload: payload.value };
		return { input: { action: 'send-event', event }, errors: {} };
	}
	return wrong({
		...(type.success ? {} : { eventType: bulkActionsText.invalidEventType }),
		...(payload.ok ? {} : { payload: bulkActionsText.invalidPayload(payload.message) })
	});
}

const wrong = (errors: BulkFormErrors) => ({ input: null, errors });
