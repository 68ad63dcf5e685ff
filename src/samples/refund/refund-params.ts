import { z } from 'zod';
import { currencyCode, required } from '../../lib/workflows/fields';

const line = (max: number, title: string, description: string) =>
	z
		.string(required('must be text'))
		.trim()
		.min(1, 'must not be empty')
		.max(max, `must be at most ${max} characters`)
		.meta({ title, description });

export const refundParamsSchema = z.strictObject({
	order: line(64, 'Order', 'The order to refund, such as ORD-1042.'),
	amount: z
		.number(required('must be a number'))
		.positive('must be more than 0')
		.max(1_000_000, 'must be at most 1,000,000')
		.multipleOf(0.01, 'must have at most two decimals')
		.meta({ title: 'Amount', description: 'Amounts above 100 require approval.' }),
	currency: currencyCode.meta({ title: 'Currency', description: 'A code such as EUR.' }),
	reason: line(500, 'Reason', 'Why the order is refunded.'),
	requestedBy: line(200, 'Requested by', 'Who requested the refund.')
});
export type RefundParams = z.infer<typeof refundParamsSchema>;
