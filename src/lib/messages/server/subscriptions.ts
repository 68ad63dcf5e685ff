import { translated } from '../locale';

const en = {
	tooSlow: 'The client does not read what it is sent. Connect again.',
	tooMany: (limit: number) => `A connection can have at most ${limit} subscriptions.`
};

export const subscriptionsText = translated({ en });
