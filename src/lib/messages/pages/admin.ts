import { translated } from '../locale';

const en = {
	title: 'Admin',
	purge: 'Purge',
	retention: 'Retention',
	index: 'Index',
	webhooks: 'Webhooks',
	audit: 'Audit log'
};

export const adminText = translated({ en });
