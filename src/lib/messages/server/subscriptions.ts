import { translated } from '../locale';

const en = {
	tooMany: (limit: number) => `A connection can have at most ${limit} subscriptions.`
};

export const subscriptionsText = translated({ en });
