import { expect, test } from 'vitest';
import { DecisionDraft } from '../../../../src/lib/components/approvals/decision-draft.svelte';
import { problem, type DecisionInput } from '../../../../src/lib/protocol';

const form = {
	type: 'object',
	properties: { units: { type: 'number', minimum: 1 } },
	required: ['units']
};

function drafted(given: { form: typeof form | null; initial: { units: number } | null }) {
	const sent: DecisionInput[] = [];
	const draft = new DecisionDraft(given);
	const take = async (decision: DecisionInput) => {
		sent.push(decision);
		return null;
	};
	return { draft, sent, take };
}

test('a rejection needs a reason; nothing is sent without one', async () => {
	const { draft, sent, take } = drafted({ form: null, initial: null });
	expect(await draft.decide(false, take)).toBe(false);
	expect(draft.isReasonMissing).toBe(true);
	draft.comment = '  Not ours ';
	expect(draft.isReasonMissing).toBe(false);
	expect(await draft.decide(false, take)).toBe(true);
	expect(sent).toEqual([{ approved: false, reason: 'Not ours' }]);
});

test('the form begins with what is proposed, and only an approval has its data', async () => {
	const { draft, sent, take } = drafted({ form, initial: { units: 24 } });
	await draft.decide(true, take);
	draft.comment = 'No';
	await draft.decide(false, take);
	expect(sent).toEqual([
		{ approved: true, data: { units: 24 } },
		{ approved: false, reason: 'No' }
	]);
});

test('data that does not fit is not sent, and what is wrong stands at its field', async () => {
	const { draft, sent, take } = drafted({ form, initial: { units: 0 } });
	expect(await draft.decide(true, take)).toBe(false);
	expect(sent).toEqual([]);
	expect(draft.form?.errors).toMatchObject([{ path: 'data.units' }]);
});

test('a refusal is told, and what was written stays', async () => {
	const { draft } = drafted({ form, initial: { units: 24 } });
	draft.comment = 'Seen the photo';
	const errors = [{ path: 'data.units', message: 'is too much' }];
	const refused = problem('invalid-data', 'data.units: is too much', { errors });
	expect(await draft.decide(true, async () => refused)).toBe(false);
	expect(draft.problem).toEqual(refused);
	expect(draft.form?.errors).toEqual(errors);
	expect(draft.comment).toBe('Seen the photo');
	expect(draft.busy).toBeNull();
});
